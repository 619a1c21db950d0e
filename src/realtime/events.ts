/** Builders of every event of realtime.md 5. Numbers are finite or null; no object names, no exception texts. */
import type { JobKind, JobStatus, Phase } from '../workflows/messages';
import { completedSteps, TOTAL_STEPS } from './phases';

export interface EventSource {
  sessionId: string;
  sessionRef: string;
  runId: string;
  job: JobKind;
}

type Payload = Record<string, unknown>;

const finite = (value: number | null | undefined): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** Fields every event of a job carries; `at` is the time of the fact. */
const common = (source: EventSource, seq: number, at: Date): Payload => ({
  session_id: source.sessionRef,
  session_uuid: source.sessionId,
  run_id: source.runId,
  job: source.job,
  seq,
  timestamp: at.toISOString(),
});

export interface ProgressFacts {
  status: JobStatus;
  phase: Phase;
  percent: number;
  message: string;
  epoch: number | null;
  totalEpochs: number | null;
  loss: number | null;
  valLoss: number | null;
  etaSeconds: number | null;
  modelName: string | null;
}

export function trainingProgress(source: EventSource, seq: number, at: Date, facts: ProgressFacts): Payload {
  const inTraining = facts.phase === 'training';
  const steps = completedSteps(facts.phase);
  return {
    ...common(source, seq, at),
    status: facts.status,
    phase: facts.phase,
    progress_percent: facts.percent,
    message: facts.message,
    current_step: facts.message,
    total_steps: TOTAL_STEPS,
    completed_steps: steps,
    epoch: inTraining ? finite(facts.epoch) : null,
    total_epochs: inTraining ? finite(facts.totalEpochs) : null,
    loss: inTraining ? finite(facts.loss) : null,
    val_loss: inTraining ? finite(facts.valLoss) : null,
    eta_seconds: finite(facts.etaSeconds),
    model_name: facts.modelName,
    // the same numbers in the older nested form
    progress: { overall: facts.percent, current_step: facts.message, total_steps: TOTAL_STEPS, completed_steps: steps },
  };
}

export interface EpochFacts {
  epoch: number;
  totalEpochs: number;
  loss: number | null;
  rmse: number | null;
  valLoss: number | null;
  valRmse: number | null;
  durationSeconds: number;
  etaSeconds: number | null;
}

export function trainingMetrics(
  source: EventSource,
  seq: number,
  at: Date,
  epoch: EpochFacts,
  percent: number,
  modelName: string | null,
): Payload {
  return {
    ...common(source, seq, at),
    metrics_type: 'real_time',
    epoch: epoch.epoch,
    total_epochs: epoch.totalEpochs,
    loss: finite(epoch.loss),
    val_loss: finite(epoch.valLoss),
    root_mean_squared_error: finite(epoch.rmse),
    val_root_mean_squared_error: finite(epoch.valRmse),
    accuracy: null, // regression
    val_accuracy: null,
    model_name: modelName,
    progress_percent: percent,
    epoch_duration: finite(epoch.durationSeconds),
    eta_seconds: finite(epoch.etaSeconds),
    eta_formatted: duration(epoch.etaSeconds),
  };
}

export interface DatasetFacts {
  status: JobStatus;
  percent: number;
  /** translation key with its prefix */
  step: string;
  message: string;
  etaSeconds?: number | null;
  error?: string | null;
  errorCode?: string | null;
  nDat?: number | null;
}

export function datasetStatus(source: EventSource, seq: number, at: Date, facts: DatasetFacts): Payload {
  return {
    ...common(source, seq, at),
    progress: facts.percent,
    progress_percent: facts.percent,
    step: facts.step,
    status: facts.status,
    message: facts.message,
    eta_seconds: finite(facts.etaSeconds),
    error: facts.error ?? null,
    error_code: facts.errorCode ?? null,
    n_dat: facts.nDat ?? null,
    last_updated: at.toISOString(),
    processing_stopped: facts.status === 'completed' || facts.status === 'failed' || facts.status === 'cancelled',
  };
}

export interface CompletedFacts {
  modelType: string;
  resultId: string;
  nDat: number;
  testMetricsScaled: unknown;
  valMetricsScaled: unknown;
  completedAt: string;
}

export function trainingCompleted(source: EventSource, seq: number, at: Date, facts: CompletedFacts): Payload {
  return {
    ...common(source, seq, at),
    status: 'completed',
    success: true,
    message: 'Training completed successfully',
    model_type: facts.modelType,
    result_id: facts.resultId,
    n_dat: facts.nDat,
    metrics: { test_metrics_scaled: facts.testMetricsScaled, val_metrics_scaled: facts.valMetricsScaled },
    completed_at: facts.completedAt,
  };
}

export const trainingError = (
  source: EventSource,
  seq: number,
  at: Date,
  facts: { error: string; errorCode: string; phase: Phase; percent: number },
): Payload => ({
  ...common(source, seq, at),
  status: 'failed',
  success: false,
  error: facts.error,
  error_code: facts.errorCode,
  phase: facts.phase,
  progress_percent: facts.percent,
  refunded: false,
});

export const trainingCancelled = (source: EventSource, seq: number, at: Date, facts: { phase: Phase; percent: number }): Payload => ({
  ...common(source, seq, at),
  status: 'cancelled',
  success: false,
  message: 'Training was cancelled',
  phase: facts.phase,
  progress_percent: facts.percent,
  refunded: false,
});

export interface UploadFacts {
  sessionId: string;
  sessionRef: string;
  uploadId: string;
  fileName: string;
  fileType: string | null;
  bezeichnung: string | null;
  received: number;
  totalChunks: number;
  status: string;
  fileId?: string;
  sha256?: string;
  errorCode?: string;
}

/** 100 percent only once the file row exists; receiving fills the first 90, assembling shows 95. */
export function uploadProgress(facts: UploadFacts, seq: number, at: Date): Payload {
  const received = Math.floor((90 * facts.received) / Math.max(1, facts.totalChunks));
  const percent = facts.status === 'assembled' ? 100 : facts.status === 'assembling' ? 95 : received;
  return {
    session_id: facts.sessionRef,
    session_uuid: facts.sessionId,
    upload_id: facts.uploadId,
    fileName: facts.fileName,
    fileType: facts.fileType,
    bezeichnung: facts.bezeichnung,
    received: facts.received,
    totalChunks: facts.totalChunks,
    progress_percent: percent,
    status: facts.status,
    ...(facts.fileId !== undefined && { file_id: facts.fileId }),
    ...(facts.sha256 !== undefined && { sha256: facts.sha256 }),
    ...(facts.errorCode !== undefined && { error_code: facts.errorCode }),
    timestamp: at.toISOString(),
    seq,
  };
}

/** `1:05`, `2:03:40`; null without an estimate. */
function duration(seconds: number | null): string | null {
  if (seconds === null || !Number.isFinite(seconds)) return null;
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${two(whole % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}
