/** Rows as PostgREST returns them: column names of data-model.md. */
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
