import type { ScalerView } from '../../domain/artefacts';
import type { ResultRow, UserStore } from '../../store';
import { ApiError } from '../errors';

export interface CurrentScalers {
  run: ResultRow;
  scalers: ScalerView;
}

/** The scalers of the newest completed run. @throws ApiError SCALER_NOT_FOUND */
export async function currentScalers(mine: UserStore, sessionId: string): Promise<CurrentScalers> {
  const [run] = await mine.results(sessionId, { status: 'completed', limit: 1 });
  if (!run?.scalers) throw new ApiError('SCALER_NOT_FOUND');
  return { run, scalers: run.scalers as unknown as ScalerView }; // written by the finalizer as such
}
