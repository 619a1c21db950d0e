import { Random, STREAM } from '../../domain/random';
import type { RandomState } from '../../domain/random';
import type { OptimizerState } from '../backends';
import { notStarted } from './earlyStopping';
import type { StoppingState } from './earlyStopping';

/** One value per finished epoch; null where the number is not finite. */
export interface History {
  loss: (number | null)[];
  rmse: (number | null)[];
  val_loss: (number | null)[];
  val_rmse: (number | null)[];
}

/** Where a training stands, without its arrays. */
export interface FitProgress {
  /** finished epochs */
  epoch: number;
  /** batches done of the epoch after those */
  batch: number;
  /** Σ batch loss · windows over these batches */
  lossSum: number;
  /** batch order stream as it was before the permutation of that epoch */
  random: RandomState;
  stopping: StoppingState;
  history: History;
}

/** What each finished epoch took of the machine; of no influence on any other number. */
export interface SystemFigures {
  epoch_seconds: number[];
  /** resident memory of the training process */
  rss_mb: number[];
  /** in use on the devices the process sees; null where there is none */
  gpu_memory_mb: (number | null)[];
}

/** Everything a training needs to go on as if it had never stopped. Arrays in weight order. */
export interface FitSnapshot {
  progress: FitProgress;
  weights: Float32Array[];
  optimizer: OptimizerState;
  /** weights of the best epoch; empty before the first epoch is finished */
  best: Float32Array[];
  /** kept with the rest, so that the result tells of all epochs */
  system?: SystemFigures;
}

export const atTheBeginning = (seed: number): FitProgress => ({
  epoch: 0,
  batch: 0,
  lossSum: 0,
  random: Random.stream(seed, STREAM.batchOrder).state(),
  stopping: notStarted(),
  history: { loss: [], rmse: [], val_loss: [], val_rmse: [] },
});
