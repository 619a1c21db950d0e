import { setTimeout as sleep } from 'node:timers/promises';
import { sessionRoom } from '../../realtime';
import type { BeginJobOutcome } from '../../store';
import type { QueuedRow } from '../../temporal';
import { WorkflowUnavailable } from '../../temporal';
import { jobWorkflowId } from '../../workflows/ids';
import type { Job, JobKind } from '../../workflows/messages';
import { ApiError } from '../errors';
import { quotaRefusal } from '../quota';
import type { Services } from '../types';
import { queuedEvent } from './queuedEvent';

// The starter's own retries after an outage; later ones fall to /status, to the start of an API process and to the sweep.
const RETRIES_AFTER_MS = [5_000, 15_000, 45_000];

type Launching = Pick<Services, 'store' | 'workflows' | 'log'>;

export interface StartedJob {
  runId: string;
  workflowId: string;
}

/**
 * Reserves the unit and writes the queued row in one transaction, then starts the workflow (data-model.md 3.1).
 * Once the row is written the job is accepted, whether or not Temporal can be reached now.
 * @throws ApiError TRAINING_IN_PROGRESS, DATASET_IN_PROGRESS, a quota refusal, or WORKFLOW_UNAVAILABLE for a start refused for good
 */
export async function startNewJob(services: Launching & Pick<Services, 'emit'>, job: Job): Promise<StartedJob> {
  const workflowId = jobWorkflowId(job.job, job.sessionId);
  const kind = job.job === 'training' ? 'training' : 'processing';
  const outcome = await services.store.service.beginJob({ userId: job.userId, job, workflowId, kind, chargeKey: chargeKey(job) });
  if (outcome.outcome !== 'started') throw refusalOf(outcome, kind);
  const { event, payload } = queuedEvent(job);
  await services.emit(sessionRoom(job.sessionId), event, payload); // before the start: a worker's events come after it
  await launch(services, { run_id: job.runId, session_id: job.sessionId, job: job.job, workflow_id: workflowId, input: job });
  return { runId: job.runId, workflowId };
}

/** Starts the workflow of a queued row, now or, when Temporal is away, by a retry. @throws ApiError WORKFLOW_UNAVAILABLE when refused for good */
export async function launch(services: Launching, row: QueuedRow, retries = RETRIES_AFTER_MS): Promise<void> {
  const { store, workflows, log } = services;
  try {
    if ((await workflows.startJob(row)) === 'started') return;
  } catch (error) {
    if (!(error instanceof WorkflowUnavailable)) throw error;
    log.warn({ runId: row.run_id, err: error }, 'the job is stored and starts when Temporal answers again');
    retryLater(services, row, retries);
    return;
  }
  await store.service.abortJob(row.run_id);
  throw new ApiError('WORKFLOW_UNAVAILABLE');
}

/**
 * Starts what was committed but never started, from the stored input (data-model.md 3.1); called when an API process starts, and looks twice:
 * what a crash lost a moment ago is not old enough at the first look.
 */
export async function resumeQueuedJobs(services: Launching): Promise<void> {
  for (const pause of [0, LOST_AFTER_SECONDS + 1]) {
    await sleep(pause * 1000, undefined, { ref: false });
    try {
      for (const row of await services.store.service.unstartedJobs(LOST_AFTER_SECONDS, RESUMED_AT_ONCE)) await launchLost(services, row);
    } catch (error) {
      services.log.warn({ err: error }, 'queued jobs were not looked up');
    }
  }
}

/** Starts a row whose start was lost; whatever goes wrong is logged, the next one who meets the row tries again. */
export async function launchLost(services: Launching, row: QueuedRow): Promise<void> {
  try {
    await launch(services, row, []);
    services.log.info({ runId: row.run_id, workflowId: row.workflow_id }, 'a lost start was repeated');
  } catch (error) {
    services.log.error({ runId: row.run_id, err: error }, 'a lost start could not be repeated');
  }
}

/** data-model.md 3.1 */
export const LOST_AFTER_SECONDS = 5;
// more than any outage leaves behind on one machine; the sweep takes the rest
const RESUMED_AT_ONCE = 500;

function retryLater(services: Launching, row: QueuedRow, [pause, ...rest]: readonly number[]): void {
  if (pause === undefined) return;
  setTimeout(() => {
    launch(services, row, rest).catch((error: unknown) =>
      services.log.error({ runId: row.run_id, err: error }, 'a job could not be started'),
    );
  }, pause).unref();
}

/** data-model.md 4.4 */
const chargeKey = (job: Job): string => (job.job === 'training' ? `training:${job.runId}` : `dataset:${job.sessionId}:${job.contentHash}`);

function refusalOf(outcome: Exclude<BeginJobOutcome, { outcome: 'started' }>, kind: 'processing' | 'training'): ApiError {
  switch (outcome.outcome) {
    case 'in_progress':
      return jobInProgress(outcome.active.job, outcome.active.workflow_id, outcome.active.status, outcome.active.overall_progress);
    case 'limit_reached':
    case 'training_not_available':
    case 'no_subscription':
      return quotaRefusal(kind, outcome.quota);
    case 'not_found':
      return new ApiError('SESSION_NOT_FOUND');
    case 'forbidden':
      return new ApiError('FORBIDDEN');
  }
}

/** The 409 of http-api A.11. */
export const jobInProgress = (job: JobKind, workflowId: string, status: string, progress: number): ApiError =>
  new ApiError(job === 'training' ? 'TRAINING_IN_PROGRESS' : 'DATASET_IN_PROGRESS', {
    extra: { workflowId, status, progress: Math.floor(progress) },
  });
