/** The queue for a training's device: users take turns. */
import { ActivityFailure, patched, TimeoutFailure } from '@temporalio/workflow';
import type { Run, TrainedModel, TrainingActivities } from '../activities/types';
import { gpu, opening } from './proxies';

/**
 * Trains when it is this run's turn. A user's first training goes before everybody's second, which goes before everybody's third;
 * among equals users take turns, whoever queued more. Who is behind asks again from time to time, so that nobody stays a second
 * after the first is over.
 */
export async function trainInTurn(userId: string, work: Parameters<TrainingActivities['trainModel']>[0]): Promise<TrainedModel> {
  for (;;) {
    const ahead = await trainingsAhead(work.run);
    try {
      return await gpu(userId, ahead).trainModel(work);
    } catch (error) {
      if (!waitedInVain(error)) throw error;
    }
  }
}

const trainingsAhead = async (run: Run): Promise<number> => (patched('training-turn') ? opening.trainingsAhead({ run }) : 0);

const waitedInVain = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.cause instanceof TimeoutFailure && error.cause.timeoutType === 'SCHEDULE_TO_START';
