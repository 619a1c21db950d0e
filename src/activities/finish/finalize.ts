import type { FinishOutcome, FinishPayload, ProgressRow } from '../../store';
import { sessionRoom, trainingProgress } from '../../realtime';
import type { ServerEvent } from '../../realtime';
import type { JobKind, JobState, JobStatus } from '../../workflows/messages';
import { boundRun } from '../attempt';
import { withHeartbeat } from '../heartbeats';
import { isIntermediate, runFolder } from '../objectNames';
import type { ActivityServices } from '../services';
import type { Run } from '../types';

type Terminal = Extract<JobStatus, 'completed' | 'failed' | 'cancelled'>;
export type FinishServices = Pick<ActivityServices, 'config' | 'store' | 'emit' | 'log' | 'pacer'>;

const TERMINAL_EVENTS: Record<JobKind, Record<Terminal, ServerEvent>> = {
  training: { completed: 'training_completed', failed: 'training_error', cancelled: 'training_cancelled' },
  dataset: { completed: 'dataset_status_update', failed: 'dataset_status_update', cancelled: 'dataset_status_update' },
};

/**
 * Ends a run: the terminal row in one transaction, then the mark that its event is sent, then the event. A crash in between loses the
 * event, which replay and /status supply. Repeating it is harmless; the first status stored is the one that counts.
 *
 * @param payload  made of the run as its row knows it
 * @returns the state the row holds, whatever was wanted
 */
export async function finalize(
  services: FinishServices,
  planned: Run,
  wanted: Terminal,
  payload: (run: Run, row: ProgressRow | null) => Promise<FinishPayload>,
): Promise<JobState> {
  return withHeartbeat(async () => {
    const { service } = services.store;
    const { run } = await boundRun(services, planned);
    const row = await service.run(run.runId);
    const content = await payload(run, row);
    const obsolete = await intermediates(services, run);
    const outcome = await service.finishJob(run.runId, wanted, { ...content, obsoleteObjects: obsolete });
    if (await service.markPublished(run.runId)) await publish(services, run, outcome);
    if (outcome.status !== 'queued' && outcome.status !== 'running') await removeNow(services, obsolete);
    return { runId: run.runId, phase: outcome.status === 'completed' ? 'completed' : (row?.phase ?? 'queued'), status: outcome.status };
  });
}

/** `training_progress` with 100 % goes before `training_completed`; nothing of the run follows. */
export async function publish(
  { emit, pacer }: Pick<FinishServices, 'emit' | 'pacer'>,
  run: Run,
  { status, event }: FinishOutcome,
): Promise<void> {
  if (!event || status === 'queued' || status === 'running') return;
  const room = sessionRoom(run.sessionId);
  if (run.job === 'training' && status === 'completed') {
    const facts = {
      status,
      phase: 'completed',
      percent: 100,
      message: 'Training completed successfully',
      modelName: run.modelName,
    } as const;
    const figures = { epoch: null, totalEpochs: null, loss: null, valLoss: null, etaSeconds: null };
    await pacer.turn(run.runId);
    await emit(
      room,
      'training_progress',
      trainingProgress(run, Number(event['seq']) - 1, new Date(String(event['timestamp'])), { ...facts, ...figures }),
    );
  }
  await emit(room, TERMINAL_EVENTS[run.job][status], event);
}

interface StoredObject {
  bucket: string;
  path: string;
}

/** They are queued for removal since the row is terminal: what storage refuses now, the sweep tries again. */
async function removeNow({ store, log }: FinishServices, objects: readonly StoredObject[]): Promise<void> {
  const [first] = objects;
  if (!first) return;
  const paths = objects.map(({ path }) => path);
  await store.objects.remove(first.bucket, paths).catch((error: unknown) => {
    log.warn({ error }, 'intermediate objects are left to the sweep');
  });
}

/** Checkpoints and what training left for the evaluation, all in one bucket; when they cannot be listed, the sweep finds them. */
async function intermediates({ config, store, log }: FinishServices, run: Run): Promise<StoredObject[]> {
  if (run.job !== 'training') return [];
  try {
    const names = await store.objects.list(config.BUCKET_RESULTS, runFolder(run));
    return names.filter(isIntermediate).map((path) => ({ bucket: config.BUCKET_RESULTS, path }));
  } catch (error) {
    log.warn({ runId: run.runId, error }, 'intermediate objects are left to the sweep');
    return [];
  }
}
