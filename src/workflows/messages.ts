/** Everything that travels between API, workflows and activities: ids, settings and storage keys only (payload limit 2 MiB). */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DatasetSettings, TrainingSettings } from '../domain/settings/types';

export type JobKind = 'dataset' | 'training';
export type Phase = 'queued' | 'loading' | 'dataset' | 'training' | 'evaluation' | 'persisting' | 'completed';
export type JobStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

/** A file as it was when the job started. Same order as `settings.series`. */
export interface JobFile {
  fileId: string;
  fileName: string;
  bucket: string;
  objectPath: string;
  sha256: string;
  columnHeader: string | null;
}

interface JobBase {
  runId: string;
  sessionId: string;
  /** string id if the session has one, else the UUID: `session_id` of every event */
  sessionRef: string;
  sessionName: string | null;
  userId: string;
  /** ISO, start of the run: every time stamp in object names derives from it */
  startedAt: string;
  contentHash: string;
  settings: DatasetSettings;
  files: JobFile[];
}

/** Input of generateDatasetsWorkflow = `training_progress.input` of job 'dataset'. */
export interface DatasetJob extends JobBase {
  job: 'dataset';
}

/** Input of trainModelsWorkflow = `training_progress.input` of job 'training'. */
export interface TrainingJob extends JobBase {
  job: 'training';
  training: TrainingSettings;
}

export type Job = DatasetJob | TrainingJob;

/**
 * Answer of the job queries and of the workflow itself at its end.
 * `phase` is the least the run has reached: an activity under way may have stored a later one in the row, then the row counts.
 */
export interface JobState {
  runId: string;
  phase: Phase;
  status: JobStatus;
}

export const jobState = defineQuery<JobState>('jobState');
export const cancelJob = defineSignal('cancelJob');

/** One upload's complete set of chunks, of one generation and attempt. */
export interface UploadRef {
  sessionId: string;
  sessionRef: string;
  userId: string;
  uploadId: string;
  generation: number;
  attempt: number;
}

/** `file` of http-api route 12, already in the answer's spelling. */
export interface AssembledFile {
  id: string;
  fileName: string;
  bezeichnung: string;
  type: 'input' | 'output';
  sha256: string;
  size: number;
  rows: number;
  columns: string[];
  separator: string | null;
  valid: boolean;
  problems: { row: number | null; code: string; message: string }[];
  statistics: Record<string, string | null>;
}

export interface FinalizeRequest {
  sessionId: string;
  sessionRef: string;
  userId: string;
  timeInfo: Record<string, unknown> | null;
  zeitschritte: Record<string, unknown> | null;
}

export interface FinalizedSession {
  nDat: number;
  nDatSource: 'rows' | 'windows';
  fileCount: number;
  finalizationTime: string;
}

/** Input of uploadSessionWorkflow: one per session, started by its first update. */
export interface UploadSession {
  sessionId: string;
  userId: string;
}

/**
 * Updates of uploadSessionWorkflow. Refusals are ApplicationFailures whose `type` is an http-api code
 * (HASH_MISMATCH, SIZE_MISMATCH, PROCESSING_LIMIT_REACHED, NO_ACTIVE_SUBSCRIPTION, DUPLICATE_FILE, UPLOAD_GONE, UPLOAD_INCOMPLETE)
 * with one details object: the legacy keys of that answer.
 */
export const assembleFile = defineUpdate<AssembledFile, [UploadRef]>('assembleFile');
export const finalizeSession = defineUpdate<FinalizedSession, [FinalizeRequest]>('finalizeSession');
