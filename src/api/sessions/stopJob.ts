import { cancelActiveJob, closeAsCancelled, isActive } from '../jobs';
import type { Services, State } from '../types';

// http-api route 7: a forced deletion waits so long for the workflow to end by itself
const WAIT_MS = 60_000;

type Stopping = Pick<Services, 'store' | 'workflows' | 'emit' | 'log'>;

/** Ends the active job of a session for good: cancelled, and terminated when that takes longer than `waitMs`. */
export async function stopActiveJob(services: Stopping, { mine }: Pick<State, 'mine'>, sessionId: string, waitMs = WAIT_MS): Promise<void> {
  const { row } = await cancelActiveJob(services, mine, sessionId, waitMs);
  if (!row || !isActive(row)) return;
  await services.workflows.terminate(row.workflow_id, 'Its data are deleted by force');
  await closeAsCancelled(services, row);
}

/** The same for every job of the caller. */
export async function stopAllJobs(services: Stopping, state: Pick<State, 'mine'>): Promise<void> {
  const sessions = new Set((await state.mine.activeJobs()).map(({ session_id: id }) => id));
  await Promise.all([...sessions].map((id) => stopActiveJob(services, state, id)));
}
