/** Rows as PostgREST returns them (column names of data-model.md) and the outcomes of its functions. */
import type { Job, JobKind, JobStatus, Phase } from '../workflows/messages';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, unknown>;
export type FileType = 'input' | 'output';

export interface SessionRow {
  id: string;
  user_id: string;
  session_name: string | null;
  n_dat: number | null;
  n_dat_source: 'rows' | 'windows' | null;
  file_count: number;
  finalized: boolean;
  finalized_at: string | null;
  workflow_phase: 'upload' | 'phase1' | 'phase2' | 'phase3' | 'phase4' | 'completed';
  session_info: JsonObject;
  created_at: string;
  updated_at: string;
}

/** One session of a page of list_user_sessions, in the answer's spelling; `createdAt` has the database's microseconds and so serves as cursor. */
export interface SessionListRow {
  sessionId: string;
  sessionUuid: string;
  sessionName: string | null;
  createdAt: string;
  lastUpdated: string;
  fileCount: number;
  finalized: boolean;
  nDat: number | null;
  n_dat_source: SessionRow['n_dat_source'];
  zeitschritteCount: number;
  timeInfoCount: number;
  filesInfo: Pick<FileRow, 'id' | 'type' | 'file_name' | 'bezeichnung'>[];
}

/** Result of resolve_session / resolve_file; for a foreign object only `owned: false`. */
export type ResolvedSession = { owned: true; sessionId: string; stringId: string | null } | { owned: false };
export type ResolvedFile = { owned: true; fileId: string; sessionId: string } | { owned: false };

export interface FileRow {
  id: string;
  session_id: string;
  file_name: string;
  type: FileType;
  bezeichnung: string;
  utc_min: string | null;
  utc_max: string | null;
  zeitschrittweite: string | null;
  zeitschrittweite_mittelwert: string | null;
  zeitschrittweite_min: string | null;
  min: string | null;
  max: string | null;
  offset: string | null;
  datenpunkte: string | null;
  numerische_datenpunkte: string | null;
  numerischer_anteil: string | null;
  datenform: string | null;
  datenanpassung: string | null;
  zeithorizont_start: string | null;
  zeithorizont_end: string | null;
  zeitschrittweite_transferierten_daten: string | null;
  offset_transferierten_daten: string | null;
  mittelwertbildung_uber_den_zeithorizont: string;
  skalierung: string | null;
  skalierung_max: string | null;
  skalierung_min: string | null;
  storage_bucket: string | null;
  storage_path: string | null;
  sha256: string | null;
  size_bytes: number | null;
  row_count: number | null;
  column_header: string | null;
  separator: string | null;
  valid: boolean | null;
  problems: { row: number | null; code: string; message: string }[];
  color_index: number;
  created_at: string;
  updated_at: string;
}

export interface TimeInfoRow {
  id: string;
  session_id: string;
  jahr: boolean;
  monat: boolean;
  woche: boolean;
  tag: boolean;
  feiertag: boolean;
  zeitzone: string;
  category_data: JsonObject;
  created_at: string;
  updated_at: string;
}

export interface ZeitschritteRow {
  id: string;
  session_id: string;
  eingabe: string | null;
  ausgabe: string | null;
  zeitschrittweite: string | null;
  offset: string | null;
  created_at: string;
  updated_at: string;
}

export type UploadStatus = 'receiving' | 'assembling' | 'assembled' | 'hash_mismatch' | 'failed' | 'cancelled' | 'expired';

export interface UploadRow {
  id: string;
  session_id: string;
  file_name: string;
  file_type: FileType | null;
  bezeichnung: string | null;
  generation: number;
  attempt: number;
  color_index: number;
  total_chunks: number;
  received_count: number;
  received_bytes: number;
  expected_size: number | null;
  expected_sha256: string | null;
  status: UploadStatus;
  file_id: string | null;
  file_metadata: JsonObject;
  error_code: string | null;
  seq: number;
  last_activity_at: string;
  created_at: string;
  updated_at: string;
}

/** An upload with the indices still missing (at most 100). */
export interface UploadView extends UploadRow {
  missing: number[];
}

export interface ChunkRow {
  upload_id: string;
  generation: number;
  chunk_index: number;
  size_bytes: number;
  sha256: string;
  object_path: string | null;
}

export interface ProgressRow {
  session_id: string;
  job: JobKind;
  run_id: string;
  workflow_id: string;
  temporal_run_id: string | null;
  input: Job;
  status: JobStatus;
  phase: Phase;
  overall_progress: number;
  current_step: string | null;
  message: string | null;
  total_steps: number;
  completed_steps: number;
  epoch: number | null;
  total_epochs: number | null;
  loss: number | null;
  val_loss: number | null;
  eta_seconds: number | null;
  seq: number;
  last_event: JsonObject | null;
  terminal_published: boolean;
  previous_phase: string | null;
  charge_id: string | null;
  training_began_at: string | null;
  error_code: string | null;
  error_message: string | null;
  error_details: JsonObject[] | null;
  started_at: string | null;
  completed_at: string | null;
  heartbeat_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface ResultRow {
  id: string;
  session_id: string;
  run_id: string;
  status: 'completed' | 'failed' | 'cancelled';
  results_file_path: string | null;
  arrays_file_path: string | null;
  file_size_bytes: number | null;
  compressed: boolean;
  results_metadata: JsonObject;
  model_type: string | null;
  model_internal: string | null;
  parameters: JsonObject | null;
  evaluation_metrics: JsonObject | null;
  df_eval: JsonObject | null;
  df_eval_ts: JsonObject | null;
  scalers: JsonObject | null;
  input_features: string[] | null;
  output_features: string[] | null;
  n_timesteps: number | null;
  n_dat: number | null;
  metrics_version: number;
  error_code: string | null;
  error_message: string | null;
  error_details: JsonObject[] | null;
  started_at: string | null;
  completed_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface VisualizationRow {
  plot_name: string;
  image_data: string;
  plot_type: 'violin_plot' | 'other';
  label: string | null;
  side: FileType | 'time' | null;
  plot_metadata: JsonObject | null;
  dataset_hash: string | null;
  created_at: string;
}

export interface DatasetRow {
  session_id: string;
  content_hash: string;
  run_id: string | null;
  n_dat: number;
  input_steps: number;
  output_steps: number;
  input_features: string[];
  output_features: string[];
  /** object name of manifest.json in BUCKET_RESULTS; columns.bin lies beside it */
  object_path: string;
  size_bytes: number;
  pipeline_version: string;
  created_at: string;
}

export interface SavedModelRow {
  id: string;
  session_id: string;
  run_id: string;
  filename: string;
  model_type: string | null;
  model_class: string | null;
  dataset_name: string | null;
  format: 'h5' | 'keras' | 'json' | 'bin' | 'save';
  path_in_results: string | null;
  bucket: string;
  object_path: string;
  size_bytes: number;
  sha256: string;
  created_at: string;
}

// ---- outcomes of the functions (data-model.md 5); every name is camel-cased once, in the store -----------------

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

export interface QuotaState {
  allowed: boolean;
  reason: 'no_subscription' | 'training_not_available' | 'limit_reached' | null;
  currentUsage: number;
  limit: number;
  plan: string | null;
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
   * Terminal event, stored as last_event. The function sets `seq`, `progress_percent` (100 only for completed), `timestamp`,
   * `completed_at`, `refunded` and, for a training run, `result_id`. `seq` starts a new million like an attempt does, so it is above
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

export interface DeleteSessionOutcome {
  found: boolean;
  activeJob: ActiveJob | null;
  /** rows removed, by table */
  counts: Record<string, number>;
  objects: { bucket: string; path: string }[];
}
