/** Arguments and outcomes of the database functions (data-model.md 5); every name is camel-cased once, in the store. */
import type { Job, JobStatus, Phase } from '../workflows/messages';
import type {
  FileRow,
  FileType,
  JsonObject,
  ProgressRow,
  ResolvedSession,
  ResultRow,
  SavedModelRow,
  UploadRow,
  UploadStatus,
} from './tables';

export interface CreateSessionOutcome {
  owned: boolean;
  sessionId: string;
  created: boolean;
}

export interface RegisterChunk {
  sessionId: string;
  fileName: string;
  type: FileType | null;
  bezeichnung: string | null;
  totalChunks: number;
  index: number;
  size: number;
  sha256: string;
  objectPath: string;
  expectedSha256: string | null;
  expectedSize: number | null;
  /** `fileMetadata`, keyed by column names of `files` (B.1); merged into what earlier chunks brought */
  metadata: JsonObject | null;
}

export interface RegisterChunkOutcome {
  /** 'gone' with a null status: the session has been deleted meanwhile */
  outcome: 'stored' | 'duplicate' | 'replaced' | 'chunk_conflict' | 'upload_conflict' | 'ambiguous' | 'gone';
  uploadId: string | null;
  generation: number;
  attempt: number;
  received: number;
  totalChunks: number;
  missing: number[];
  /** the set of indices is complete */
  complete: boolean;
  status: UploadStatus | null;
  fileId: string | null;
}

/** The file row's content as computed by the assembly; text columns as canonical decimal text. */
export interface AssembledContent {
  fileId: string;
  type: FileType;
  bezeichnung: string;
  /** client values, keyed by column names of `files`; keys that a client may not set are ignored */
  metadata: JsonObject;
  bucket: string;
  objectPath: string;
  sha256: string;
  sizeBytes: number;
  rowCount: number;
  columnHeader: string | null;
  separator: string | null;
  valid: boolean;
  problems: { row: number | null; code: string; message: string }[];
  /** null where the content could not be read: client values then survive */
  statistics: Partial<
    Record<
      | 'utc_min'
      | 'utc_max'
      | 'zeitschrittweite'
      | 'zeitschrittweite_mittelwert'
      | 'zeitschrittweite_min'
      | 'min'
      | 'max'
      | 'offset'
      | 'datenpunkte'
      | 'numerische_datenpunkte'
      | 'numerischer_anteil',
      string | null
    >
  >;
}

export interface CompleteUploadOutcome {
  outcome: 'done' | 'already_done' | 'limit_reached' | 'no_subscription' | 'duplicate_file' | 'gone';
  file: FileRow | null;
  quota: QuotaState | null;
}

/** Step (minutes) and offset of the transferred data of one file, as text; null where its windows have no step. */
export interface WindowSteps {
  /** of the file */
  id: string;
  step: string | null;
  offset: string | null;
}

export interface QuotaState {
  allowed: boolean;
  reason: 'no_subscription' | 'training_not_available' | 'limit_reached' | null;
  currentUsage: number;
  limit: number;
  plan: string | null;
}

/** What of an active subscription's plan the API decides by. */
export interface ActivePlan {
  name: string;
  slug: string;
  can_use_training: boolean;
  /** −1 = no bound */
  max_file_size_mb: number;
}

/** The sender's plan (null = none) and what is left of it, and the session that is named (null = unknown). */
export interface ChunkAdmission {
  plan: ActivePlan | null;
  session: ResolvedSession | null;
  quota: QuotaState;
}

/** QuotaState as the functions spell it. */
export interface QuotaRecord {
  allowed: boolean;
  reason: QuotaState['reason'];
  current_usage: number;
  limit: number;
  plan: string | null;
}

/** The job that stands in the way of another one or of a deletion. */
export type ActiveJob = Pick<ProgressRow, 'job' | 'workflow_id' | 'status' | 'overall_progress'>;

export interface BeginJob {
  userId: string;
  job: Job;
  workflowId: string;
  /** charge: kind 'processing' or 'training' */
  kind: 'processing' | 'training';
  chargeKey: string;
}

export type BeginJobOutcome =
  | { outcome: 'started' }
  | { outcome: 'in_progress'; active: ActiveJob }
  | { outcome: 'limit_reached' | 'training_not_available' | 'no_subscription'; quota: QuotaState }
  | { outcome: 'not_found' | 'forbidden' };

/** What open_run binds or opens: `runId` differs from the input's after an operator's reset or rerun. */
export type OpenRunOutcome =
  | { outcome: 'opened'; runId: string; startedAt: string; status: JobStatus }
  /** another job of the session is active: this workflow must fail and write nothing */
  | { outcome: 'superseded' };

export interface ProgressPatch {
  /** true once at the begin of each attempt: raises seq by 1 000 000 before anything else */
  attempt?: boolean;
  status?: 'running';
  phase?: Phase;
  progress?: number;
  seq?: number;
  currentStep?: string;
  message?: string;
  completedSteps?: number;
  epoch?: number | null;
  totalEpochs?: number | null;
  loss?: number | null;
  valLoss?: number | null;
  etaSeconds?: number | null;
  lastEvent?: JsonObject;
}

export interface FinishPayload {
  /**
   * Terminal event, stored as last_event. The function sets `seq`, `status`, `progress_percent` (100 only for completed),
   * `timestamp`, `refunded` and, for a completed training run, `result_id` and `completed_at`. `seq` starts a new million like an attempt does, so it is above
   * every event sent without a row write; `seq − 1` is free for the `training_progress` of `completed` that precedes it.
   */
  event: JsonObject;
  message: string;
  errorCode?: string;
  errorMessage?: string;
  errorDetails?: JsonObject[];
  /** result row of a training run, column names of training_results */
  result?: Partial<ResultRow>;
  models?: Omit<SavedModelRow, 'id' | 'session_id' | 'created_at'>[];
  /** of a dataset job (completed) */
  nDat?: number;
  resultsToKeep?: number;
  /** objects that may be removed with the end of the run (checkpoints) */
  obsoleteObjects?: { bucket: string; path: string }[];
}

export interface FinishOutcome {
  status: JobStatus;
  /** the stored terminal event with its final seq, percentage and `refunded` */
  event: JsonObject | null;
  refunded: boolean;
}

/** `upload` is the row as it was before it was cancelled; null where nothing was, and for an expired one */
export interface CancelUploadOutcome {
  outcome: 'cancelled' | 'already_assembled' | 'ambiguous' | 'unknown';
  removedChunks: number;
  upload: UploadRow | null;
}

export interface DeleteFileOutcome {
  found: boolean;
  /** set = nothing was deleted */
  activeJob: ActiveJob | null;
  fileName: string | null;
}

export interface DeletedSession {
  sessionId: string;
  stringId: string | null;
}

/** Flags and counts of a session's results, without their content. */
export interface ResultsOverview {
  hasCompletedRun: boolean;
  modelCount: number;
  /** of the stored violins: `input`, `time`, `output` */
  violinSides: ('input' | 'time' | 'output')[];
}

export interface DeleteSessionOutcome {
  found: boolean;
  activeJob: ActiveJob | null;
  /** rows removed, by table */
  counts: Record<string, number>;
  objects: { bucket: string; path: string }[];
}
