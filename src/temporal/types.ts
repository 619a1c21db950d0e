import type { Client } from '@temporalio/client';
import type { AssembledFile, FinalizedSession, FinalizeRequest, JobState, UploadRef } from '../workflows/messages';
import type { ProgressRow } from '../store/types';

/** What API and sweep ask of Temporal; every call has a deadline. Unreachable → WorkflowUnavailable. */
export interface Workflows {
  client: Client;
  /**
   * Starts the workflow of a queued row from its `input` (conflict policy FAIL, reuse ALLOW_DUPLICATE).
   * 'started' also when the same run holds the id already; an id held by another, terminal run is waited for up to 10 s, then terminated.
   * 'refused' = refused for good (the caller aborts the job).
   */
  startJob(row: Pick<ProgressRow, 'run_id' | 'session_id' | 'job' | 'workflow_id' | 'input'>): Promise<'started' | 'refused'>;
  /** query with a 2 s deadline; null when no worker answers, the workflow is unknown or closed without answer */
  queryJob(workflowId: string): Promise<JobState | null>;
  cancelJob(workflowId: string): Promise<'signalled' | 'not_running'>;
  /** waits for the end of the workflow, at most `ms`; false = still running */
  waitForEnd(workflowId: string, ms: number): Promise<boolean>;
  terminate(workflowId: string, reason: string): Promise<void>;
  /** Update-with-Start on the session's upload workflow; at most 8 in flight per session and process. null = not finished within `ms`. */
  assemble(ref: UploadRef, ms: number): Promise<AssembledFile | null>;
  finalize(request: FinalizeRequest): Promise<FinalizedSession>;
  /** pollers per task queue, for /ready */
  pollers(): Promise<Record<string, number>>;
}
