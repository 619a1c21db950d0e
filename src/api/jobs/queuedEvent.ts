import { datasetStatus, stepKey, trainingProgress } from '../../realtime';
import type { EventSource, ServerEvent } from '../../realtime';
import type { Job } from '../../workflows/messages';

// Below everything a worker sends: its first attempt raises the number by 1 000 000.
const FIRST_SEQ = 1;

/** The first event of a run, sent once its row is written: accepted, waiting for a worker. */
export function queuedEvent(job: Job): { event: ServerEvent; payload: Record<string, unknown> } {
  const source: EventSource = { sessionId: job.sessionId, sessionRef: job.sessionRef, runId: job.runId, job: job.job };
  const at = new Date(job.startedAt);
  const message = 'Waiting for a worker';
  if (job.job === 'dataset') {
    const payload = datasetStatus(source, FIRST_SEQ, at, { status: 'queued', percent: 0, step: stepKey('starting'), message });
    return { event: 'dataset_status_update', payload };
  }
  const payload = trainingProgress(source, FIRST_SEQ, at, {
    status: 'queued',
    phase: 'queued',
    percent: 0,
    message,
    epoch: null,
    totalEpochs: null,
    loss: null,
    valLoss: null,
    etaSeconds: null,
    modelName: job.training.model.kind,
  });
  return { event: 'training_progress', payload };
}
