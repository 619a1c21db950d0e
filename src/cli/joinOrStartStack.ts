import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startStack } from '../stack';
import type { Endpoints } from '../stack';

/** Addresses of a complete stack: nothing missing. */
export type FullEndpoints = { [K in 'api' | 'supabase' | 'temporal']: NonNullable<Endpoints[K]> };

export interface RunningStack {
  endpoints: FullEndpoints;
  /** stops what was started here; a stack that ran before stays */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 3_000;

/** Uses the stack that already serves this state folder, else starts one. */
export async function joinOrStartStack(options: { stateDir?: string }): Promise<RunningStack> {
  const stateDir = path.resolve(options.stateDir ?? process.env['LASTGANG_STATE'] ?? '.lastgang');
  const running = await findRunning(path.join(stateDir, 'endpoints.json'));
  if (running) return { endpoints: running, stop: () => Promise.resolve() };
  process.stdout.write(
    `Starting PostgreSQL, Supabase API, Temporal, workers and API with their state in ${stateDir} (usually 5 to 20 s) …\n`,
  );
  const stack = await startStack({ ...options, signal: stopSignal() });
  return { endpoints: complete(stack.endpoints), stop: () => stack.stop() };
}

async function findRunning(file: string): Promise<FullEndpoints | null> {
  try {
    const endpoints = complete(JSON.parse(await readFile(file, 'utf8')) as Endpoints);
    const ready = await fetch(`${endpoints.api}/ready`, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    return ready.ok ? endpoints : null;
  } catch {
    return null; // no file, or left behind by a stack that was killed
  }
}

function complete({ api, supabase, temporal }: Endpoints): FullEndpoints {
  if (api === null || supabase === null || temporal === null)
    throw new Error('this state folder runs only parts of the stack; stop that one first');
  return { api, supabase, temporal };
}

/** Aborted by Ctrl-C or SIGTERM, so that a start under way ends as cleanly as a running stack. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort(signal));
  return controller.signal;
}
