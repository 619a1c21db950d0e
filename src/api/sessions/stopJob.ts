import { cancelActiveJob, closeAsCancelled, isActive } from '../jobs';
import type { Services, State } from '../types';

// http-api route 7: a forced deletion waits so long for the workflow to end by itself
const WAIT_MS = 60_000;

/** Ends the active job of a session for good: cancelled, and terminated when that takes too long. */
export async function stopActiveJob(services: Services, { mine }: Pick<State, 'mine'>, sessionId: string): Promise<void> {
  const { row } = await cancelActiveJob(services, mine, sessionId, WAIT_MS);
  if (!row || !isActive(row)) return;
  await services.workflows.terminate(row.workflow_id, 'The session is deleted');
  await closeAsCancelled(services, row);
}
