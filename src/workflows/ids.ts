/** Workflow and update ids are built here and nowhere else; the session UUID in them is canonical (lower case). */
import type { JobKind } from './messages';

export const uploadWorkflowId = (sessionId: string): string => `upload-${sessionId}`;
export const jobWorkflowId = (job: JobKind, sessionId: string): string =>
  job === 'dataset' ? `datasets-${sessionId}` : `training-${sessionId}`;
export const assembleUpdateId = ({ uploadId, generation, attempt }: { uploadId: string; generation: number; attempt: number }): string =>
  `assemble:${uploadId}:${generation}:${attempt}`;
export const CLEANUP_SCHEDULE_ID = 'cleanup-sweep';
export const CLEANUP_WORKFLOW_ID = 'cleanup';
