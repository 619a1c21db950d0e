import { batchCount } from '../fit';
import type { EpochPosition, FitPlan, FitProgress } from '../fit';
import { BATCH_SIZE } from '../backends';
import type { ChildMessage, EpochReport, TrainingProgress } from '../types';
import { RemainingTime } from './remainingTime';

/** More messages a second than this no one reads. */
const PROGRESS_INTERVAL_MS = 200;
const NO_FIGURES = { epoch: null, totalEpochs: null, batch: null, totalBatches: null, loss: null, valLoss: null, etaSeconds: null };

/** Turns the course of a training into messages: every epoch, and progress at most five times a second. */
export class Reporter {
  private lastProgress = -Infinity;

  constructor(private readonly send: (message: ChildMessage) => void) {}

  /** Beginning and end of a stage are always told. */
  stage(stage: TrainingProgress['stage'], fraction: number, always = fraction === 0 || fraction === 1): void {
    this.progress({ type: 'progress', stage, fraction, ...NO_FIGURES }, always);
  }

  /** The course of the epochs. @param start where this process takes the training up */
  course(plan: Pick<FitPlan, 'epochs' | 'trainCount'>, start: FitProgress): EpochCourse {
    const totalBatches = batchCount(plan.trainCount);
    const totalEpochs = plan.epochs;
    const remaining = new RemainingTime(start.epoch + start.batch / totalBatches);
    return {
      batch: ({ epoch, history }, { batch, lossSum }) => {
        const place = epoch + batch / totalBatches;
        remaining.reach(place, performance.now() / 1000);
        if (!this.due()) return;
        this.progress(
          {
            type: 'progress',
            stage: 'training',
            fraction: place / totalEpochs,
            epoch: epoch + 1,
            totalEpochs,
            batch,
            totalBatches,
            loss: finite(lossSum / Math.min(batch * BATCH_SIZE, plan.trainCount)),
            valLoss: history.val_loss.at(-1) ?? null,
            etaSeconds: remaining.seconds(totalEpochs - place),
          },
          true,
        );
      },
      epoch: ({ epoch, history }, durationSeconds) => {
        remaining.finishEpoch(durationSeconds);
        const report: EpochReport = {
          type: 'epoch',
          epoch,
          totalEpochs,
          loss: history.loss.at(-1) ?? null,
          rmse: history.rmse.at(-1) ?? null,
          valLoss: history.val_loss.at(-1) ?? null,
          valRmse: history.val_rmse.at(-1) ?? null,
          durationSeconds,
          etaSeconds: remaining.seconds(totalEpochs - epoch),
        };
        this.send(report);
      },
    };
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
}

/** Tells of a training as it goes on. */
export interface EpochCourse {
  batch(progress: FitProgress, position: EpochPosition): void;
  epoch(progress: FitProgress, durationSeconds: number): void;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
