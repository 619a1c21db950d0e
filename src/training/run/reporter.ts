import type { FitProgress } from '../fit';
import type { ChildMessage, EpochReport, TrainingProgress } from '../types';

/** More messages a second than this no one reads. */
const PROGRESS_INTERVAL_MS = 200;
/** Epochs the estimate of the remaining time looks back on. */
const ETA_EPOCHS = 5;

/** Turns the course of a training into messages: every epoch, and progress at most five times a second. */
export class Reporter {
  private lastProgress = -Infinity;
  private readonly durations: number[] = [];

  constructor(private readonly send: (message: ChildMessage) => void) {}

  /** Beginning and end of a stage are always told. */
  stage(stage: TrainingProgress['stage'], fraction: number, always = fraction === 0 || fraction === 1): void {
    this.progress(
      { type: 'progress', stage, fraction, epoch: null, totalEpochs: null, loss: null, valLoss: null, etaSeconds: null },
      always,
    );
  }

  /** @param loss mean loss of the running epoch so far */
  training(fraction: number, epoch: number, totalEpochs: number, loss: number, valLoss: number | null): void {
    if (!this.due()) return;
    const etaSeconds = this.eta((1 - fraction) * totalEpochs);
    this.progress({ type: 'progress', stage: 'training', fraction, epoch, totalEpochs, loss: finite(loss), valLoss, etaSeconds }, true);
  }

  epoch({ epoch, history }: FitProgress, totalEpochs: number, durationSeconds: number): void {
    this.durations.push(durationSeconds);
    if (this.durations.length > ETA_EPOCHS) this.durations.shift();
    const report: EpochReport = {
      type: 'epoch',
      epoch,
      totalEpochs,
      loss: history.loss.at(-1) ?? null,
      rmse: history.rmse.at(-1) ?? null,
      valLoss: history.val_loss.at(-1) ?? null,
      valRmse: history.val_rmse.at(-1) ?? null,
      durationSeconds,
      etaSeconds: this.eta(totalEpochs - epoch),
    };
    this.send(report);
  }

  checkpoint(epoch: number, dir: string): void {
    this.send({ type: 'checkpoint', epoch, dir });
  }

  private progress(message: TrainingProgress, always: boolean): void {
    if (!always && !this.due()) return;
    this.lastProgress = performance.now();
    this.send(message);
  }

  private due(): boolean {
    return performance.now() - this.lastProgress >= PROGRESS_INTERVAL_MS;
  }

  /** Upper estimate: early stopping may end the training sooner. */
  private eta(epochsLeft: number): number | null {
    if (this.durations.length === 0) return null;
    return (epochsLeft * this.durations.reduce((sum, seconds) => sum + seconds, 0)) / this.durations.length;
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
