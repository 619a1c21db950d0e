import { createPhaseLines, epochText } from '../phaseLines';

/** The phases of a training as the service's events tell them, one line each. */
export interface PhaseReporter {
  update(event: {
    phase: string;
    progress_percent: number;
    epoch: number | null;
    total_epochs: number | null;
    loss: number | null;
    val_loss: number | null;
  }): void;
  end(): void;
}

/** Bands of the overall percentage (realtime.md 5.2). */
const BANDS: Record<string, [number, number]> = {
  queued: [0, 0],
  loading: [1, 5],
  dataset: [5, 25],
  training: [25, 80],
  evaluation: [80, 90],
  persisting: [90, 99],
  completed: [100, 100],
};

export function createPhaseReporter(): PhaseReporter {
  const lines = createPhaseLines();
  let phase = '';
  return {
    update({ epoch, total_epochs: totalEpochs, loss, val_loss: valLoss, ...event }) {
      if (event.phase !== phase) lines.begin(event.phase);
      phase = event.phase;
      const [from, to] = BANDS[phase] ?? [0, 100];
      const share = to > from ? Math.min(Math.max((event.progress_percent - from) / (to - from), 0), 1) : 1;
      lines.update(share, epoch === null ? undefined : epochText({ epoch, totalEpochs, loss, valLoss }));
    },
    end: lines.end,
  };
}
