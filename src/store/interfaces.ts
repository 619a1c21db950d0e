/**
 * The store's public face. `UserStore` works with the caller's JWT, so row level security is a second wall behind the ownership check;
 * `ServiceStore` works with the service role and is used only after that check. Every method throws StoreUnavailable when Supabase
 * cannot be reached and StoreError (with the SQLSTATE) when it refuses.
 */
import type { Readable } from 'node:stream';
import type { Job, JobKind } from '../workflows/messages';
import type * as t from './types';

export interface UserStore {
  resolveSession(ref: string): Promise<t.ResolvedSession | null>;
  resolveFile(fileId: string): Promise<t.ResolvedFile | null>;
  createSession(input: {
    ref: string;
    name: string | null;
    timeInfo: t.JsonObject | null;
    zeitschritte: t.JsonObject | null;
  }): Promise<t.CreateSessionOutcome>;
  listSessions(page: {
    limit: number;
    beforeTime: string | null;
    beforeId: string | null;
  }): Promise<{ rows: t.SessionListRow[]; totalCount: number }>;
  session(sessionId: string): Promise<t.SessionRow | null>;
  updateSession(sessionId: string, patch: Partial<Pick<t.SessionRow, 'session_name' | 'session_info'>>): Promise<void>;
  /** inputs before outputs, each by color_index */
  files(sessionId: string, type?: t.FileType): Promise<t.FileRow[]>;
  file(fileId: string): Promise<t.FileRow | null>;
  /** 'duplicate' when the new (type, file name, bezeichnung) exists in the session */
  updateFile(fileId: string, patch: Partial<t.FileRow>): Promise<t.FileRow | 'duplicate' | null>;
  /** a row without content, settings by column; 'duplicate' when its key, or the id it asks for, is taken */
  createFile(row: t.JsonObject & Pick<t.FileRow, 'session_id' | 'file_name' | 'type' | 'bezeichnung'>): Promise<t.FileRow | 'duplicate'>;
  /** with every upload of its key; refused while a job of the session is active */
  deleteFile(fileId: string): Promise<t.DeleteFileOutcome>;
  timeInfo(sessionId: string): Promise<t.TimeInfoRow | null>;
  saveTimeInfo(sessionId: string, row: Omit<t.TimeInfoRow, 'id' | 'session_id' | 'created_at' | 'updated_at'>): Promise<void>;
  zeitschritte(sessionId: string): Promise<t.ZeitschritteRow | null>;
  saveZeitschritte(sessionId: string, row: Pick<t.ZeitschritteRow, 'eingabe' | 'ausgabe' | 'zeitschrittweite' | 'offset'>): Promise<void>;
  /** the same, only if the session has none yet */
  initTimeInfo: UserStore['saveTimeInfo'];
  initZeitschritte: UserStore['saveZeitschritte'];
  /** all uploads of the session, tombstones and assembled ones too, with their gaps, in the order of opening */
  uploads(sessionId: string): Promise<t.UploadView[]>;
  /** what is asked about a chunk before its bytes are taken: `plan`, `resolveSession` and `peekQuota('processing')` in one call */
  admitChunk(ref: string): Promise<t.ChunkAdmission>;
  cancelUpload(key: {
    sessionId: string;
    fileName: string;
    type: t.FileType | null;
    bezeichnung: string | null;
  }): Promise<t.CancelUploadOutcome>;
  /** both job kinds' rows, newest first */
  progress(sessionId: string): Promise<t.ProgressRow[]>;
  /** queued and running jobs of all the caller's sessions */
  activeJobs(): Promise<t.ProgressRow[]>;
  /** newest first */
  results(sessionId: string, filter?: { status?: t.ResultRow['status']; id?: string; limit?: number }): Promise<t.ResultRow[]>;
  evaluationTables(
    sessionId: string,
  ): Promise<{ df_eval: t.JsonObject; df_eval_ts: t.JsonObject; model_type: string; updated_at: string } | null>;
  /** replaces what was saved before. @returns time of the row */
  saveEvaluationTables(
    sessionId: string,
    tables: { df_eval: t.JsonObject; df_eval_ts: t.JsonObject; model_type: string; run_id: string | null },
  ): Promise<{ updated_at: string }>;
  resultsOverview(sessionId: string): Promise<t.ResultsOverview>;
  visualizations(sessionId: string): Promise<t.VisualizationRow[]>;
  dataset(sessionId: string): Promise<t.DatasetRow | null>;
  models(sessionId: string): Promise<t.SavedModelRow[]>;
  /** newest active subscription's plan; null = none */
  plan(): Promise<t.ActivePlan | null>;
  peekQuota(kind: 'processing' | 'training'): Promise<t.QuotaState>;
  deleteSession(sessionId: string): Promise<t.DeleteSessionOutcome>;
  /** refused as a whole while any job of the user is active */
  deleteAllSessions(): Promise<Omit<t.DeleteSessionOutcome, 'found'> & { sessions: t.DeletedSession[] }>;
}

export interface ServiceStore {
  // uploads
  registerChunk(chunk: t.RegisterChunk): Promise<t.RegisterChunkOutcome>;
  upload(uploadId: string): Promise<t.UploadRow | null>;
  chunks(uploadId: string, generation: number): Promise<t.ChunkRow[]>;
  touchUpload(uploadId: string): Promise<void>;
  /** newest active subscription's plan of a user; null = none */
  planOf(userId: string): Promise<t.ActivePlan | null>;
  completeUpload(
    ref: { uploadId: string; generation: number; attempt: number },
    file: t.AssembledContent,
  ): Promise<t.CompleteUploadOutcome>;
  failUpload(
    ref: { uploadId: string; generation: number; attempt: number },
    status: 'hash_mismatch' | 'failed',
    code: string,
  ): Promise<void>;
  /** removes an upload whose assembly was refused, with its chunks, as if it had never been opened */
  withdrawUpload(ref: { uploadId: string; generation: number }): Promise<void>;
  /** next number of an upload's events */
  nextUploadSeq(uploadId: string): Promise<number>;
  /** the same for an event that tells of arriving chunks; null when the upload no longer receives any */
  nextReceivingSeq(uploadId: string): Promise<number | null>;
  finalizeSession(input: {
    sessionId: string;
    timeInfo: t.JsonObject | null;
    zeitschritte: t.JsonObject | null;
    contentHash: string | null;
  }): Promise<
    | { outcome: 'finalized'; nDat: number; nDatSource: 'rows' | 'windows'; fileCount: number; finalizationTime: string }
    | { outcome: 'incomplete'; uploads: t.UploadView[] }
    | { outcome: 'not_found' }
  >;
  /** a trained session has its first plot: phase `completed`; nothing happens in any other phase */
  plotMade(sessionId: string): Promise<void>;
  /** the windows of a stored dataset become the session's n_dat; phase `upload` becomes `phase2` */
  datasetAdopted(sessionId: string, nDat: number): Promise<void>;
  // reads without RLS, for workers
  session(sessionId: string): Promise<(t.SessionRow & { string_session_id: string | null }) | null>;
  files(sessionId: string): Promise<t.FileRow[]>;
  timeInfo(sessionId: string): Promise<t.TimeInfoRow | null>;
  zeitschritte(sessionId: string): Promise<t.ZeitschritteRow | null>;
  // jobs
  beginJob(input: t.BeginJob): Promise<t.BeginJobOutcome>;
  /**
   * `job` (the workflow's input) is given by the first activity only: with it a workflow whose row has been taken by a later run
   * (a reset or rerun of an old execution) opens a new run; without it such a call is 'superseded'.
   */
  openRun(runId: string, temporalRunId: string, job?: Job): Promise<t.OpenRunOutcome>;
  abortJob(runId: string): Promise<void>;
  /** null = refused (older seq, earlier phase, terminal row, replaced run): the caller sends nothing more */
  recordProgress(runId: string, patch: t.ProgressPatch): Promise<t.ProgressRow | null>;
  finishJob(runId: string, status: 'completed' | 'failed' | 'cancelled', payload: t.FinishPayload): Promise<t.FinishOutcome>;
  markPublished(runId: string): Promise<boolean>;
  run(runId: string): Promise<t.ProgressRow | null>;
  progress(sessionId: string, job: JobKind): Promise<t.ProgressRow | null>;
  /** queued rows that never got a temporal_run_id, older than the age */
  unstartedJobs(olderThanSeconds: number, limit: number): Promise<t.ProgressRow[]>;
  /** active rows with a temporal_run_id, oldest heartbeat first */
  activeJobs(limit: number): Promise<t.ProgressRow[]>;
  /** rank among the queued rows of the training kind, from 1 */
  queuePosition(runId: string): Promise<number | null>;
  /** earlier trainings of the same user that are queued or running */
  trainingsAhead(runId: string): Promise<number>;
  log(entry: {
    sessionId: string;
    runId: string;
    job: JobKind;
    seq: number;
    level: 'INFO' | 'WARNING' | 'ERROR';
    event: string;
    step: string;
    message: string;
    progress: t.JsonObject;
  }): Promise<void>;
  // datasets and results
  dataset(sessionId: string): Promise<t.DatasetRow | null>;
  /** replaces the session's dataset row; the older one's objects are queued for deletion */
  saveDataset(row: Omit<t.DatasetRow, 'created_at'>): Promise<void>;
  /** what a job computed for the session's files, in place of what clients sent; files that are gone are left out */
  saveWindowSteps(sessionId: string, steps: readonly t.WindowSteps[]): Promise<void>;
  /** replaces all violin plots of the session in one transaction */
  replaceViolins(sessionId: string, datasetHash: string, plots: Omit<t.VisualizationRow, 'created_at' | 'dataset_hash'>[]): Promise<void>;
  // deletions and the sweep
  queueDeletions(objects: { bucket: string; path: string; userId: string }[]): Promise<void>;
  takeDeletions(limit: number): Promise<{ id: number; bucket: string; object_path: string; attempts: number }[]>;
  deletionsDone(ids: number[]): Promise<void>;
  deletionsFailed(ids: number[]): Promise<void>;
  sweepExpiredUploads(ageHours: number, limit: number): Promise<{ expired: number; tombstonesRemoved: number }>;
  sweepCharges(limit: number): Promise<number>;
  sweepLogs(limit: number): Promise<number>;
  /** object names in the session folders that no row refers to, older than the age */
  orphanObjects(bucket: string, olderThanHours: number, limit: number): Promise<string[]>;
}

/** Object storage. `bucket` is a configured bucket name. */
export interface ObjectStore {
  /** streams a body; a stream cannot be retried, so a failure is final for the caller. Where its `size` is known it travels faster */
  put(
    bucket: string,
    path: string,
    body: Readable | Buffer | Uint8Array,
    contentType: string,
    options?: { upsert?: boolean; size?: number },
  ): Promise<void>;
  get(bucket: string, path: string, range?: { start: number; end?: number }): Promise<Readable>;
  getBuffer(bucket: string, path: string, range?: { start: number; end?: number }): Promise<Buffer>;
  /** downloads to a local file */
  getFile(bucket: string, path: string, file: string): Promise<void>;
  exists(bucket: string, path: string): Promise<boolean>;
  /** names of the objects directly below a folder (`{user}/{session}/{run}`), as full paths; at most 1000 */
  list(bucket: string, folder: string): Promise<string[]>;
  remove(bucket: string, paths: string[]): Promise<void>;
  /** absolute URL */
  sign(bucket: string, path: string, seconds: number, download?: string): Promise<string>;
}

export interface Store {
  service: ServiceStore;
  objects: ObjectStore;
  forUser(jwt: string): UserStore;
  /** one cheap round trip, for /ready */
  ping(): Promise<void>;
}
