import type { ProgressRow } from '../../store';
import { TOTAL_STEPS } from '../../realtime';
import type { CancelOutcome, JobView, StartedJob } from '../jobs';
import { isActive } from '../jobs';
import type { OwnSession } from '../types';
import { isoTimeOrNull } from './time';

type Body = Record<string, unknown>;

/** Answer of GET /status (http-api route 28). */
export function jobStatusBody(session: OwnSession, { row, completedSteps, totalSteps, queuePosition }: JobView): Body {
  return {
    success: true,
    session_id: session.ref,
    job: row.job,
    run_id: row.run_id,
    workflow_id: row.workflow_id,
    status: row.status,
    phase: row.phase,
    progress: Math.floor(row.overall_progress),
    current_step: row.current_step ?? row.message ?? 'Waiting for a worker',
    total_steps: totalSteps,
    completed_steps: completedSteps,
    started_at: isoTimeOrNull(row.started_at),
    completed_at: isoTimeOrNull(row.completed_at),
    message: row.message ?? STATUS_SENTENCE[row.status],
    epoch: row.epoch,
    total_epochs: row.total_epochs,
    loss: row.loss,
    val_loss: row.val_loss,
    eta_seconds: isActive(row) ? row.eta_seconds : null,
    queue_position: queuePosition,
    error: row.error_message,
    error_code: row.error_code,
    details: row.error_details,
  };
}

/** The same shape for an own session that never had the job. */
export const notStartedBody = (session: OwnSession, job: ProgressRow['job'] | null): Body => ({
  success: true,
  session_id: session.ref,
  job,
  run_id: null,
  workflow_id: null,
  status: 'not_found',
  phase: null,
  progress: 0,
  current_step: 'Not started',
  total_steps: TOTAL_STEPS,
  completed_steps: 0,
  started_at: null,
  completed_at: null,
  message: 'Not started',
  epoch: null,
  total_epochs: null,
  loss: null,
  val_loss: null,
  eta_seconds: null,
  queue_position: null,
  error: null,
  error_code: null,
  details: null,
});

/** Answer of POST /train-models (http-api route 22). */
export const trainingStartedBody = (session: OwnSession, { workflowId, runId }: StartedJob): Body => ({
  success: true,
  message: `Model training started for session ${session.stringId ?? session.id}`,
  note: 'Listen for SocketIO events or poll the status route',
  workflowId,
  runId,
  session_id: session.ref,
});

/** Answer of POST /cancel-training (http-api D). */
export const cancelledBody = (session: OwnSession, { cancelled, row }: CancelOutcome): Body => ({
  success: true,
  session_id: session.ref,
  cancelled,
  job: row?.job ?? null,
  workflowId: row?.workflow_id ?? null,
  runId: row?.run_id ?? null,
  status: row ? (isActive(row) ? 'cancelling' : row.status) : 'not_found',
  refunded: cancelled && row?.last_event?.['refunded'] === true,
});

const STATUS_SENTENCE: Record<ProgressRow['status'], string> = {
  queued: 'Waiting for a worker',
  running: 'In progress',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
