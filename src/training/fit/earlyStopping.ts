/** What early stopping remembers between epochs; a plain object, so that a checkpoint can hold it. */
export interface StoppingState {
  /** null = no finite validation loss so far */
  bestLoss: number | null;
  /** 0 before the first epoch */
  bestEpoch: number;
  wait: number;
}

export interface Verdict {
  state: StoppingState;
  /** these weights are the ones to return, as far as is known */
  keepWeights: boolean;
  stop: boolean;
}

/** Epochs without improvement after which training stops. */
const PATIENCE = 2;

export const notStarted = (): StoppingState => ({ bestLoss: null, bestEpoch: 0, wait: 0 });

/**
 * Early stopping of pipeline.md 13.2, after epoch 1, 2, …:
 * strict improvement, no minimal difference; a NaN never improves; the weights of epoch 1 are kept in any case.
 */
export function judgeEpoch(before: StoppingState, epoch: number, validationLoss: number): Verdict {
  if (validationLoss < (before.bestLoss ?? Infinity)) {
    return { state: { bestLoss: validationLoss, bestEpoch: epoch, wait: 0 }, keepWeights: true, stop: false };
  }
  const first = epoch === 1;
  const state = { ...before, bestEpoch: first ? 1 : before.bestEpoch, wait: before.wait + 1 };
  return { state, keepWeights: first, stop: hasStopped(state) };
}

/** Patience is over; never after epoch 1, since that is one epoch of waiting at most. */
export const hasStopped = ({ wait }: StoppingState): boolean => wait >= PATIENCE;
