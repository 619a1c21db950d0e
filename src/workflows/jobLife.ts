/** What both jobs have in common: the state their query answers, the cancel signal and the uncancellable ends. */
import { CancellationScope, isCancellation, setHandler } from '@temporalio/workflow';
import type { Job, JobState, Phase } from './messages';
import { cancelJob, jobState } from './messages';

export interface JobLife {
  /** scope of everything a cancel may interrupt */
  work: CancellationScope;
  reached(phase: Phase): void;
  /** the state a finalizer or the row reports, which is also the workflow's answer */
  is(state: JobState): JobState;
  /** the user's wish counts, also when the step it hit ended in another failure (a lost worker, say) */
  wasCancelled(error: unknown): boolean;
}

export function jobLife(job: Job): JobLife {
  const work = new CancellationScope();
  let state: JobState = { runId: job.runId, phase: 'queued', status: 'queued' };
  setHandler(jobState, () => state);
  setHandler(cancelJob, () => work.cancel());
  return {
    work,
    reached: (phase) => void (state = { ...state, phase, status: phase === 'queued' ? 'queued' : 'running' }),
    is: (reported) => (state = reported),
    wasCancelled: (error) => work.consideredCancelled || isCancellation(error),
  };
}

/** The beginning and the endings of a run must be stored although the workflow is cancelled. */
export const uncancelled = <T>(step: () => Promise<T>): Promise<T> => CancellationScope.nonCancellable(step);

export const isTerminal = (status: JobState['status']): boolean => status === 'completed' || status === 'failed' || status === 'cancelled';
