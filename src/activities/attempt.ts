import { activityInfo } from '@temporalio/activity';
import type { JobProgress } from '../realtime';
import { RunClosed, trackProgress } from '../realtime';
import { refusal } from './failures';
import { interruption, withHeartbeat } from './heartbeats';
import type { ActivityServices } from './services';
import type { OpenedRun, Run } from './types';

type RunServices = Pick<ActivityServices, 'store' | 'emit' | 'log' | 'pacer'>;

/** Another job of the session is active: this execution writes nothing. */
export const superseded = (): Error => refusal('SUPERSEDED', 'Another job of the session is active');

/**
 * The run this execution works for. An operator's reset may lie behind the first activity, so every activity that writes asks:
 * a Temporal run the row does not know opens a new run.
 */
export async function boundRun({ store }: Pick<RunServices, 'store'>, run: Run): Promise<OpenedRun> {
  const opened = await store.service.openRun(run.runId, executionId());
  if (opened.outcome === 'superseded') throw superseded();
  return { run: { ...run, runId: opened.runId, startedAt: opened.startedAt }, status: opened.status };
}

/** The Temporal run id of the execution that called this activity. */
export function executionId(): string {
  const id = activityInfo().workflowExecution?.runId;
  if (!id) throw new Error('the activity was not called by a workflow');
  return id;
}

export interface Attempt {
  run: Run;
  progress: JobProgress;
  /** aborted when the job is cancelled, this worker stops, or the row refuses the attempt */
  signal: AbortSignal;
}

/** One attempt at a step of a run: bound to its row, with heartbeats and with progress that is stored at the end. */
export async function attempt<T>(
  services: RunServices,
  planned: Run,
  work: (attempt: Attempt) => Promise<T>,
  heartbeatDetails?: () => unknown,
): Promise<T> {
  return withHeartbeat(async (cancelled) => {
    const { run, status } = await boundRun(services, planned);
    if (status !== 'queued' && status !== 'running') throw new RunClosed('the run is over');
    const { store, emit, log, pacer } = services;
    const progress = await trackProgress({ service: store.service, emit, log, pacer }, run);
    try {
      return await work({ run, progress, signal: AbortSignal.any([cancelled, progress.refused]) });
    } catch (error) {
      // what was interrupted says so in its own way; the reason is what counts
      throw interruption(cancelled) ?? (progress.refused.aborted ? progress.refused.reason : error);
    } finally {
      await progress.close();
    }
  }, heartbeatDetails);
}
