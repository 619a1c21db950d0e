import { datasetStatus, sessionRoom, stepKey, trainingCancelled } from '../../realtime';
import type { EventSource, ServerEvent } from '../../realtime';
import type { ProgressRow, UserStore } from '../../store';
import type { Services } from '../types';
import { chooseJob, isActive } from './status';

// Child, finalizer and row need at most 3 s; the rest covers a worker that is restarting.
const WAIT_MS = 10_000;

type Cancelling = Pick<Services, 'store' | 'workflows' | 'emit' | 'log'>;

/** What became of a cancel: `row` is the job it concerned, null when the session never had one. */
export interface CancelOutcome {
  cancelled: boolean;
  row: ProgressRow | null;
}

/**
 * Cancels the active job of a session and waits for its end, at most `waitMs`. Idempotent: with nothing active nothing happens,
 * and a run that completes first stays completed.
 */
export async function cancelActiveJob(services: Cancelling, mine: UserStore, sessionId: string, waitMs = WAIT_MS): Promise<CancelOutcome> {
  const row = chooseJob(await mine.progress(sessionId), null);
  if (!row || !isActive(row)) return { cancelled: false, row };
  const read = async (): Promise<ProgressRow> => (await services.store.service.run(row.run_id)) ?? row;

  if ((await services.workflows.cancelJob(row.workflow_id)) === 'signalled') {
    await services.workflows.waitForEnd(row.workflow_id, waitMs);
  } else if (isActive(await read())) {
    // no workflow works for it: its start was lost, or an operator terminated it
    await closeAsCancelled(services, row);
  }
  const now = await read();
  return { cancelled: now.status === 'cancelled', row: now };
}

/** The finalizer's steps for a run without a workflow; a workflow that starts meanwhile finds the row closed and ends. */
export async function closeAsCancelled({ store, emit }: Cancelling, row: ProgressRow): Promise<void> {
  const { status, event } = await store.service.finishJob(row.run_id, 'cancelled', {
    event: terminalEvent(row),
    message: row.job === 'training' ? 'Training was cancelled' : 'Dataset generation was cancelled',
  });
  if (status !== 'cancelled' || !event || !(await store.service.markPublished(row.run_id))) return;
  const name: ServerEvent = row.job === 'training' ? 'training_cancelled' : 'dataset_status_update';
  await emit(sessionRoom(row.session_id), name, event);
}

/** `finish_job` sets the final seq, percentage and refund in it. */
function terminalEvent(row: ProgressRow): Record<string, unknown> {
  const source: EventSource = { sessionId: row.session_id, sessionRef: row.input.sessionRef, runId: row.run_id, job: row.job };
  const percent = Math.floor(row.overall_progress);
  const now = new Date();
  return row.job === 'training'
    ? trainingCancelled(source, row.seq, now, { phase: row.phase, percent })
    : datasetStatus(source, row.seq, now, {
        status: 'cancelled',
        percent,
        step: stepKey('error'),
        message: 'Dataset generation was cancelled',
      });
}
