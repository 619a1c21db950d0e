import { WorkflowNotFoundError } from '@temporalio/client';
import type { ProgressRow } from '../../store';
import type { Workflows } from '../../temporal';
import { failedPayload, publish } from '../finish';
import { withHeartbeat } from '../heartbeats';
import type { ActivityServices } from '../services';
import type { Run, SweepCounts } from '../types';
import { BATCH } from './sweep';

type Services = Pick<ActivityServices, 'store' | 'workflows' | 'log' | 'emit' | 'pacer'>;

const UNSTARTED_AFTER_SECONDS = 5; // data-model.md 3.1
const DESCRIBE_MS = 5_000;
const LOST = { code: 'WORKER_LOST', message: 'The worker was lost and the job could not be resumed', details: [] };

export const createRecoverJobs = (services: Services) =>
  /** Starts jobs whose start was lost, and closes runs whose workflow is closed or unknown (data-model.md 8). Idempotent. */
  async function recoverJobs(): Promise<SweepCounts> {
    const { store, workflows, log } = services;
    return withHeartbeat(async () => {
      const counts = { started: 0, refused: 0, lost: 0 };
      for (const row of await store.service.unstartedJobs(UNSTARTED_AFTER_SECONDS, BATCH)) {
        const outcome = await workflows.startJob(row);
        if (outcome === 'refused') await store.service.abortJob(row.run_id);
        counts[outcome] += 1;
      }
      for (const row of await store.service.activeJobs(BATCH)) {
        if (await isAlive(workflows, row)) continue;
        const outcome = await store.service.finishJob(row.run_id, 'failed', failedPayload(runOf(row), row, LOST));
        if (await store.service.markPublished(row.run_id)) await publish(services, runOf(row), outcome);
        log.warn({ runId: row.run_id, status: outcome.status }, 'a run without workflow was closed');
        counts.lost += 1;
      }
      return counts;
    });
  };

/** Asks for the execution the row is bound to, not for a later one under the same id. */
async function isAlive({ client }: Workflows, { workflow_id, temporal_run_id }: ProgressRow): Promise<boolean> {
  try {
    const handle = client.workflow.getHandle(workflow_id, temporal_run_id ?? undefined);
    const execution = await client.connection.withDeadline(Date.now() + DESCRIBE_MS, () => handle.describe());
    return execution.status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

const runOf = ({ run_id, job, session_id, input, started_at, created_at }: ProgressRow): Run => ({
  runId: run_id,
  job,
  sessionId: session_id,
  sessionRef: input.sessionRef,
  userId: input.userId,
  startedAt: started_at ?? created_at,
  modelName: input.job === 'training' ? input.training.model.kind : null,
});
