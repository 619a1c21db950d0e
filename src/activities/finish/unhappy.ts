import { datasetStatus, stepKey, trainingCancelled, trainingError } from '../../realtime';
import type { FinishPayload, ProgressRow, ResultRow } from '../../store';
import type { JobState } from '../../workflows/messages';
import type { Run, SafeFailure } from '../types';
import type { FinishServices } from './finalize';
import { failedStage } from './failedStage';
import { finalize } from './finalize';

export const createFailRun = (services: FinishServices) =>
  /** Ends a run as failed, with a reason a user may read; a training run also leaves a result row. Idempotent. */
  async function failRun({ run, failure }: { run: Run; failure: SafeFailure }): Promise<JobState> {
    return finalize(services, run, 'failed', (bound, row) => Promise.resolve(failedPayload(bound, row, failure)));
  };

export const createCancelRun = (services: FinishServices) =>
  /** Ends a run as cancelled. A run that completed first stays completed. Idempotent. */
  async function cancelRun({ run }: { run: Run }): Promise<JobState> {
    return finalize(services, run, 'cancelled', (bound, row) => Promise.resolve(cancelledPayload(bound, row)));
  };

/** Also the sweep's, for runs whose workflow is gone. */
export function failedPayload(run: Run, row: ProgressRow | null, failure: SafeFailure): FinishPayload {
  const { phase, percent, at } = place(row);
  const error = { error: failure.message, errorCode: failure.code };
  const event =
    run.job === 'training'
      ? trainingError(run, 0, at, { ...error, phase, percent })
      : datasetStatus(run, 0, at, { status: 'failed', percent, step: stepKey('error'), message: failure.message, ...error });
  return {
    event,
    message: failure.message,
    errorCode: failure.code,
    errorMessage: failure.message,
    errorDetails: failure.details,
    ...resultOf(row, failure),
  };
}

function cancelledPayload(run: Run, row: ProgressRow | null): FinishPayload {
  const { phase, percent, at } = place(row);
  const message = run.job === 'training' ? 'Training was cancelled' : 'Dataset generation was cancelled';
  const event =
    run.job === 'training'
      ? trainingCancelled(run, 0, at, { phase, percent })
      : datasetStatus(run, 0, at, { status: 'cancelled', percent, step: stepKey('error'), message });
  return { event, message, ...resultOf(row) };
}

const place = (row: ProgressRow | null) => ({
  phase: row?.phase ?? ('queued' as const),
  percent: Math.min(99, Math.floor(Number(row?.overall_progress ?? 0))),
  at: new Date(),
});

/** What is known of a training that did not end well: its settings, and of a failed one the stage it failed in (pipeline.md 17). */
function resultOf(row: ProgressRow | null, failure?: SafeFailure): { result?: Partial<ResultRow> } {
  if (row?.input.job !== 'training') return {};
  const { training } = row.input;
  const settings = { model_type: training.modeAsSent, model_internal: training.model.kind, parameters: training.parameters };
  if (!failure) return { result: settings };
  const { code, message } = failure;
  return { result: { ...settings, results_metadata: { stage: failedStage(row.input, row.phase, failure), code, message } } };
}
