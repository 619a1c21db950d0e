import type { Client } from '@temporalio/client';
import type { Logger } from '../log';
import type { JobState } from '../workflows/messages';
import { jobState } from '../workflows/messages';
import { grpcCode } from './errors';

// Without a worker the server holds a query for half a minute; /status answers from the row long before that.
const QUERY_DEADLINE_MS = 2_000;
// Hundreds of polling clients cost two queries a second.
const CACHE_MS = 500;

/**
 * Asks running workflows for their state: one query in flight per workflow, its answer (also "none") reused for half a second.
 * @returns a function giving null when no worker answers in time, the workflow is unknown or Temporal is unreachable
 */
export function createJobQuery(client: Client, log: Logger): (workflowId: string) => Promise<JobState | null> {
  const recent = new Map<string, Promise<JobState | null>>();

  const query = async (workflowId: string): Promise<JobState | null> => {
    try {
      return await client.connection.withDeadline(Date.now() + QUERY_DEADLINE_MS, () =>
        client.workflow.getHandle(workflowId).query(jobState),
      );
    } catch (error) {
      log.debug({ workflowId, grpc: grpcCode(error) }, 'a job query was not answered');
      return null;
    }
  };

  return (workflowId) => {
    const known = recent.get(workflowId);
    if (known) return known;
    const answer = query(workflowId).finally(() => {
      setTimeout(() => recent.delete(workflowId), CACHE_MS).unref();
    });
    recent.set(workflowId, answer);
    return answer;
  };
}
