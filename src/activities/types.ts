/** What the workflows know of the activities. Payloads are ids, settings and storage keys; arrays, pictures and models stay in object storage. */
import type { DatasetSettings, TrainingSettings } from '../domain/settings/types';
import type {
  AssembledFile,
  FinalizedSession,
  FinalizeRequest,
  Job,
  JobFile,
  JobKind,
  JobState,
  JobStatus,
  UploadRef,
} from '../workflows/messages';

/** The run an execution works for; bound by `openRun` and checked again by every activity that writes for it. */
export interface Run {
  runId: string;
  job: JobKind;
  sessionId: string;
  sessionRef: string;
  userId: string;
  /** ISO; the source of every time stamp in object names */
  startedAt: string;
  /** internal mode of a training run; null for a dataset job */
  modelName: string | null;
}

export interface OpenedRun {
  run: Run;
  /** a terminal status: the run is over already, nothing is to be done */
  status: JobStatus;
}

/** What a dataset holds, beside its cells. */
export interface DatasetSummary {
  nDat: number;
  inputSteps: number;
  outputSteps: number;
  inputFeatures: string[];
  outputFeatures: string[];
  sizeBytes: number;
  pipelineVersion: string;
}

/** A dataset in object storage. */
export interface StoredDataset extends DatasetSummary {
  contentHash: string;
  /** object name of manifest.json; columns.bin lies beside it */
  manifestPath: string;
  /** its row existed already */
  reused: boolean;
}

/** A model file in object storage. */
export interface StoredModel {
  filename: string;
  modelClass: string;
  datasetName: string;
  format: 'h5' | 'keras' | 'json' | 'bin' | 'save';
  pathInResults: string | null;
  bucket: string;
  objectPath: string;
  sizeBytes: number;
  sha256: string;
}

/** What training leaves for the evaluation: object names in the results bucket. */
export interface TrainedModel {
  models: StoredModel[];
  /** JSON of the training's report (sizes, scalers, history) */
  reportPath: string;
  /** scaled forecasts of the validation and test windows, float64 */
  forecastPath: string;
}

/** What the evaluation leaves for the finalizer: object names in the results bucket. */
export interface Evaluation {
  documentPath: string;
  arraysPath: string;
  sizeBytes: number;
}

/** A failure as it may be shown to users. */
export interface SafeFailure {
  code: string;
  message: string;
  details: Record<string, unknown>[];
}

export interface PrepareActivities {
  openRun(input: { job: Job }): Promise<OpenedRun>;
  /** earlier trainings of the same user that are not over */
  trainingsAhead(input: { run: Run }): Promise<number>;
  ensureDataset(input: { run: Run; contentHash: string; settings: DatasetSettings; files: JobFile[] }): Promise<StoredDataset>;
  renderViolins(input: { run: Run; dataset: StoredDataset; files: JobFile[] }): Promise<{ plots: number }>;
  evaluateModel(input: {
    run: Run;
    dataset: StoredDataset;
    files: JobFile[];
    settings: DatasetSettings;
    training: TrainingSettings;
    model: TrainedModel;
  }): Promise<Evaluation>;
}

export interface TrainingActivities {
  /** `settings` carry the scaling, which a cached dataset does not fix */
  trainModel(input: { run: Run; dataset: StoredDataset; settings: DatasetSettings; training: TrainingSettings }): Promise<TrainedModel>;
}

export interface FinishActivities {
  completeDataset(input: { run: Run; dataset: StoredDataset }): Promise<JobState>;
  completeTraining(input: { run: Run; dataset: StoredDataset; model: TrainedModel; evaluation: Evaluation }): Promise<JobState>;
  failRun(input: { run: Run; failure: SafeFailure }): Promise<JobState>;
  cancelRun(input: { run: Run }): Promise<JobState>;
}

export interface UploadActivities {
  assembleFile(input: { upload: UploadRef }): Promise<AssembledFile>;
  /** marks an upload as failed whose assembly died for a reason that is not the user's */
  abandonAssembly(input: { upload: UploadRef; code: string }): Promise<void>;
  finalizeSession(input: { request: FinalizeRequest }): Promise<FinalizedSession>;
}

/** Counts only, no names: what a step of the sweep removed, started or closed. */
export type SweepCounts = Record<string, number>;

export interface CleanupActivities {
  expireUploads(): Promise<SweepCounts>;
  recoverJobs(): Promise<SweepCounts>;
  settleCharges(): Promise<SweepCounts>;
  removeOrphans(): Promise<SweepCounts>;
  removeQueuedObjects(): Promise<SweepCounts>;
  trimLogs(): Promise<SweepCounts>;
  removeWorkFolders(): Promise<SweepCounts>;
}
