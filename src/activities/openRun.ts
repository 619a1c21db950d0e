import type { Job } from '../workflows/messages';
import { executionId, superseded } from './attempt';
import type { ActivityServices } from './services';
import type { OpenedRun, Run } from './types';

export const createOpenRun = ({ store }: Pick<ActivityServices, 'store'>) =>
  /**
   * Binds the queued row to this execution, or opens a new run for an operator's reset or rerun (data-model.md 3.1). Repeating it is harmless.
   * @throws SUPERSEDED (not retried): another job of the session is active; this workflow fails and writes nothing
   */
  async function openRun({ job }: { job: Job }): Promise<OpenedRun> {
    const opened = await store.service.openRun(job.runId, executionId(), job);
    if (opened.outcome === 'superseded') throw superseded();
    const run = {
      runId: opened.runId,
      job: job.job,
      sessionId: job.sessionId,
      sessionRef: job.sessionRef,
      userId: job.userId,
      startedAt: opened.startedAt,
      modelName: job.job === 'training' ? job.training.model.kind : null,
    };
    return { run, status: opened.status };
  };

export const createTrainingsAhead = ({ store }: Pick<ActivityServices, 'store'>) =>
  /** How many earlier trainings of the same user are not over: the rank of a run among its user's. */
  function trainingsAhead({ run }: { run: Run }): Promise<number> {
    return store.service.trainingsAhead(run.runId);
  };
