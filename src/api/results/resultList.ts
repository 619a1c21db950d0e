import type { ResultRow, UserStore } from '../../store';
import { ApiError } from '../errors';

/**
 * The runs route 26 shows: all kept completed ones, newest first; if none completed, the newest failed one.
 * @param only one run: the one with this id, whatever its status
 * @throws ApiError RESULTS_NOT_FOUND when that run is not of this session
 */
export async function shownRuns(mine: UserStore, sessionId: string, only: string | null): Promise<ResultRow[]> {
  if (only !== null) {
    const runs = await mine.results(sessionId, { id: only, limit: 1 });
    if (runs.length === 0) throw new ApiError('RESULTS_NOT_FOUND');
    return runs;
  }
  const completed = await mine.results(sessionId, { status: 'completed' });
  return completed.length > 0 ? completed : mine.results(sessionId, { status: 'failed', limit: 1 });
}
