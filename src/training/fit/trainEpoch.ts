import { BATCH_SIZE } from '../backends';
import type { TrainableNetwork } from '../backends';

/** Where an epoch stands: batches done, and Σ batch loss · windows of the batch over them. */
export interface EpochPosition {
  batch: number;
  lossSum: number;
}

export const batchCount = (windows: number): number => Math.ceil(windows / BATCH_SIZE);

/**
 * Trains one epoch in the given order, 32 windows at a time, the last batch smaller.
 *
 * @param order   training windows; changed by nobody
 * @param from    where to go on
 * @param onBatch called between two steps; when it returns a promise, it is awaited
 * @returns loss as Keras reports it: mean over the windows of their batch's loss, each before that batch's update.
 *          Its square root is Keras's root mean squared error metric.
 */
export async function trainEpoch(
  network: TrainableNetwork,
  order: Int32Array,
  from: EpochPosition = { batch: 0, lossSum: 0 },
  onBatch: (position: EpochPosition) => Promise<void> | void = () => undefined,
): Promise<number> {
  let { lossSum } = from;
  for (let batch = from.batch; batch < batchCount(order.length); batch++) {
    const rows = order.slice(batch * BATCH_SIZE, (batch + 1) * BATCH_SIZE);
    lossSum += network.trainBatch(rows) * rows.length;
    const pause = onBatch({ batch: batch + 1, lossSum });
    if (pause) await pause;
  }
  return lossSum / order.length;
}
