import type { Warning } from '../domain/findings';
import type { ScalerDocument } from '../domain/scaling/types';
import type { TrainingSettings } from '../domain/settings/types';

/** What one training process is told, by a file (never by argument or payload). All paths are local and absolute. */
export interface TrainingSpec {
  runId: string;
  /** folder holding manifest.json and columns.bin of the dataset */
  datasetDir: string;
  /** folder for everything the run writes; created by the caller */
  outDir: string;
  /** folder with a checkpoint of an earlier attempt of the same run; null = start afresh */
  resumeDir: string | null;
  settings: TrainingSettings;
  /** time stamp in artefact names, `YYYYMMDD_HHMMSS` (start of the run, UTC) */
  stamp: string;
  limits: { maxModelParameters: number; svrMaxRows: number; svrCacheBytes: number };
  backend: 'auto' | 'native' | 'wasm';
}

export interface TrainingProgress {
  type: 'progress';
  stage: 'loading' | 'training' | 'predicting' | 'saving';
  /** share of the stage done, 0…1 */
  fraction: number;
  epoch: number | null;
  totalEpochs: number | null;
  /** batches done of that epoch, and how many it has */
  batch: number | null;
  totalBatches: number | null;
  loss: number | null;
  valLoss: number | null;
  etaSeconds: number | null;
}

/** One per finished epoch, none dropped. */
export interface EpochReport {
  type: 'epoch';
  epoch: number;
  totalEpochs: number;
  loss: number | null;
  rmse: number | null;
  valLoss: number | null;
  valRmse: number | null;
  durationSeconds: number;
  etaSeconds: number | null;
}

export type ChildMessage =
  | { type: 'started'; pid: number; backend: BackendInfo }
  | TrainingProgress
  | EpochReport
  /** a complete checkpoint lies in `dir` (inside outDir), one file; it stays until a promise returned for this message is settled and a newer one is there */
  | { type: 'checkpoint'; epoch: number; dir: string }
  | { type: 'done'; output: TrainingOutput }
  /** the answer to every ParentMessage; nothing follows */
  | { type: 'stopped' }
  | { type: 'failed'; code: TrainingErrorCode; message: string; retryable: boolean; context: Record<string, unknown> };

/**
 * Stop between two steps and exit with code 0 without `done`; `checkpoint-and-stop`: leave a checkpoint of exactly this point before,
 * so that another process can go on from here.
 */
export interface ParentMessage {
  type: 'stop' | 'checkpoint-and-stop';
}

export type TrainingErrorCode = 'OUT_OF_MEMORY' | 'TRAINING_DIVERGED' | 'NOT_FEASIBLE' | 'BACKEND_MISSING' | 'CRASHED' | 'INTERNAL_ERROR';

export interface BackendInfo {
  /** 'tensorflow' | 'wasm' | 'none' (LIN, SVR) */
  name: string;
  version: string;
}

export interface ModelFile {
  /** `{model_class}_{dataset}_{stamp}.{ext}`, lower case */
  filename: string;
  modelClass: string;
  datasetName: string;
  format: 'h5' | 'keras' | 'json' | 'bin' | 'save';
  /** absolute path, inside outDir */
  path: string;
  sizeBytes: number;
  sha256: string;
}

export interface TrainingOutput {
  nTrain: number;
  nVal: number;
  nTest: number;
  scalers: ScalerDocument;
  /**
   * Absolute path of a raw float64 little-endian file inside outDir: scaled forecasts, row-major (window, step, output),
   * all validation windows in sample order, then all test windows.
   */
  forecastFile: string;
  models: ModelFile[];
  /** pipeline.md 17 `training`: epochs_run, best_epoch, stopped_early, history | rank | rows_total, rows_used, support_vectors …, duration_s */
  training: Record<string, unknown>;
  backend: BackendInfo;
  warnings: Warning[];
}
