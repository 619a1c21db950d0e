import { Random } from '../../domain/random';
import type { TrainableNetwork } from '../backends';
import { TrainingError } from '../errors';
import { hasStopped, judgeEpoch } from './earlyStopping';
import { evaluateWithPauses } from './evaluate';
import type { HeldOutWindows } from './evaluate';
import type { FitProgress, FitSnapshot, History } from './state';
import { trainEpoch } from './trainEpoch';
import type { EpochPosition } from './trainEpoch';

export interface FitPlan {
  /** training windows the network was created with */
  trainCount: number;
  validation: HeldOutWindows;
  /** upper limit */
  epochs: number;
  /** one order for all epochs, as reference runs have it; left out: a fresh seeded permutation per epoch */
  order?: Int32Array;
}

/** The outside of a training: who is told, who may stop it, who keeps snapshots. */
export interface FitObserver {
  /** between two steps, also those of the validation; a promise is awaited, a rejection ends the training */
  onBatch(progress: FitProgress, position: EpochPosition, snapshot: () => FitSnapshot): Promise<void> | void;
  /** after each epoch, in order */
  onEpoch(progress: FitProgress, seconds: number, snapshot: () => FitSnapshot): Promise<void> | void;
}

export interface FitResult {
  epochsRun: number;
  bestEpoch: number;
  stoppedEarly: boolean;
  history: History;
}

/**
 * Trains with early stopping, in a fresh seeded order per epoch unless the plan gives one; afterwards the network holds the weights of the best epoch.
 *
 * @param start the beginning, or the progress of a snapshot whose arrays the network holds already
 * @param best  weights of the best epoch so far; empty at the beginning
 * @throws TrainingError TRAINING_DIVERGED when no validation loss was finite
 */
export async function fitNetwork(
  network: TrainableNetwork,
  plan: FitPlan,
  start: FitProgress,
  best: Float32Array[],
  observer: FitObserver,
): Promise<FitResult> {
  let progress = start;
  let stopped = hasStopped(progress.stopping);
  while (!stopped && progress.epoch < plan.epochs) {
    const began = performance.now();
    const random = Random.restore(progress.random);
    const order = plan.order ?? random.permutation(plan.trainCount);
    let position: EpochPosition = { batch: progress.batch, lossSum: progress.lossSum };
    const tell = (): Promise<void> | void =>
      observer.onBatch(progress, position, () => snapshot(network, { ...progress, ...position }, best));
    const loss = await trainEpoch(network, order, position, (reached) => {
      position = reached;
      return tell();
    });
    const valLoss = await evaluateWithPauses(network, plan.validation, tell);
    const epoch = progress.epoch + 1;
    const verdict = judgeEpoch(progress.stopping, epoch, valLoss);
    if (verdict.keepWeights) best = network.readWeights();
    progress = {
      epoch,
      batch: 0,
      lossSum: 0,
      random: random.state(),
      stopping: verdict.state,
      history: extend(progress.history, loss, valLoss),
    };
    stopped = verdict.stop;
    await observer.onEpoch(progress, (performance.now() - began) / 1000, () => snapshot(network, progress, best));
  }
  const { stopping, history, epoch } = progress;
  if (stopping.bestLoss === null) {
    const lastLoss = history.loss.at(-1) ?? 'no number';
    throw new TrainingError(
      'TRAINING_DIVERGED',
      `The validation loss never was a finite number (epochs run: ${epoch}, last loss: ${lastLoss}): scale inputs and outputs, or use a smaller network`,
      { epochs_run: epoch, last_loss: lastLoss },
    );
  }
  network.writeWeights(best);
  return { epochsRun: epoch, bestEpoch: stopping.bestEpoch, stoppedEarly: stopped, history };
}

function snapshot(network: TrainableNetwork, progress: FitProgress, best: Float32Array[]): FitSnapshot {
  return { progress, weights: network.readWeights(), optimizer: network.readOptimizer(), best };
}

function extend(history: History, loss: number, valLoss: number): History {
  return {
    loss: [...history.loss, finite(loss)],
    rmse: [...history.rmse, finite(Math.sqrt(loss))],
    val_loss: [...history.val_loss, finite(valLoss)],
    val_rmse: [...history.val_rmse, finite(Math.sqrt(valLoss))],
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
