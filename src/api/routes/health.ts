import { ApiError } from '../errors';
import { VERSION } from '../http/version';
import { PIPELINE_QUEUE, TRAINING_QUEUE } from '../../workflows/queues';
import type { ApiRouter, Services } from '../types';
import { createRouter } from '../types';

const CHECK_TIMEOUT_MS = 2000;
const CACHE_MS = 2000;

interface Check {
  ok: boolean;
  latency_ms: number;
}

interface Readiness {
  supabase: Check;
  temporal: Check;
  workers: { ok: boolean; queues: Record<string, number> };
}

/** GET /health says that the process serves, GET /ready that everything behind it answers (http-api A.12). */
export function healthRoutes(services: Services): ApiRouter {
  const router = createRouter();
  const readiness = cachedReadiness(services);

  router.get('/health', (ctx) => {
    ctx.body = { success: true, status: 'ok', version: VERSION, uptime_seconds: Math.floor(process.uptime()) };
  });

  router.get('/ready', async (ctx) => {
    const checks = await readiness();
    const ready = checks.supabase.ok && checks.temporal.ok && checks.workers.ok;
    ctx.status = ready ? 200 : 503;
    if (!ready) ctx.set('Retry-After', '5');
    const refusal = ready ? {} : new ApiError(checks.supabase.ok ? 'WORKFLOW_UNAVAILABLE' : 'DATABASE_UNAVAILABLE').envelope();
    ctx.body = { ...refusal, success: ready, status: ready ? 'ready' : 'not_ready', checks };
  });

  return router;
}

function cachedReadiness(services: Services): () => Promise<Readiness> {
  let latest: { at: number; checks: Promise<Readiness> } | null = null;
  return () => {
    if (!latest || Date.now() - latest.at >= CACHE_MS) latest = { at: Date.now(), checks: check(services) };
    return latest.checks;
  };
}

async function check({ store, workflows }: Services): Promise<Readiness> {
  const queues: Record<string, number> = { [PIPELINE_QUEUE]: 0, [TRAINING_QUEUE]: 0 };
  const [supabase, temporal] = await Promise.all([
    timed(() => store.ping()),
    timed(async () => {
      Object.assign(queues, await workflows.pollers());
    }),
  ]);
  return { supabase, temporal, workers: { ok: temporal.ok && Object.values(queues).every((pollers) => pollers > 0), queues } };
}

async function timed(call: () => Promise<void>): Promise<Check> {
  const begin = performance.now();
  const late = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const ok = await Promise.race([
    call().then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => late.addEventListener('abort', () => resolve(false), { once: true })),
  ]);
  return { ok, latency_ms: Math.round(performance.now() - begin) };
}
