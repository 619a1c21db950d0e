import type { Logger } from '../../log';
import type { JobProgress } from '../../realtime';
import type { ChildMessage, EpochReport, TrainingProgress } from '../../training/types';
import type { Phase } from '../../workflows/messages';
import type { CheckpointStore } from './checkpoints';

/** Heartbeat details: what the next attempt and the Web UI are told. */
export interface TrainingBeat {
  phase: string;
  epoch: number | null;
  batch: number | null;
  loss: number | null;
  valLoss: number | null;
  etaSeconds: number | null;
  checkpointKey: string | null;
  /** of the training process since a checkpoint was stored */
  crashes: number;
}

export const noBeatYet = (): TrainingBeat => ({
  phase: 'loading',
  epoch: null,
  batch: null,
  loss: null,
  valLoss: null,
  etaSeconds: null,
  checkpointKey: null,
  crashes: 0,
});

interface Following {
  progress: JobProgress;
  checkpoints: CheckpointStore;
  /** heartbeat details, kept up to date */
  beat: TrainingBeat;
  log: Logger;
  runId: string;
}

// Share of phase `evaluation` that belongs to the child: it predicts, the evaluation activity compares.
const PREDICTING_SHARE = 0.3;

export interface ChildFollower {
  /** takes messages as fast as they come; a promise rejects when the run is over */
  onMessage: (message: ChildMessage) => Promise<void> | void;
  /** resolves when everything said so far is told */
  settled(): Promise<void>;
}

/** Turns what the training child says into progress, metrics and stored checkpoints, in the order it was said. */
export function followChild({ progress, checkpoints, beat, log, runId }: Following): ChildFollower {
  let stage: TrainingProgress['stage'] = 'loading';
  let said: Promise<void> = Promise.resolve();
  const inOrder = (tell: () => Promise<void>): Promise<void> => {
    const told = said.then(tell);
    said = told.catch(() => undefined); // whoever sent the message hears of it
    return told;
  };

  const reach = async (next: TrainingProgress['stage'], figures: Figures): Promise<Place> => {
    // a tiny training may be over before it has said anything; its phase decides about the charge and is never left out
    if (stage === 'loading' && next !== 'loading' && next !== 'training') await reach('training', NO_EPOCH);
    const target = place(next, figures);
    if (next !== stage) await progress.enter(target.phase, target.message);
    stage = next;
    return target;
  };
  const follow = async ({ stage: next, fraction, epoch, totalEpochs, loss, valLoss, etaSeconds }: TrainingProgress): Promise<void> => {
    const { share, message } = await reach(next, { epoch, totalEpochs });
    progress.report({ fraction: share(fraction), message, epoch, totalEpochs, loss, valLoss, etaSeconds });
  };
  const afterEpoch = async (report: EpochReport): Promise<void> => {
    const { epoch, totalEpochs, loss, valLoss, etaSeconds } = report;
    if (stage === 'loading') await reach('training', report);
    const { message } = place('training', report);
    progress.report({ fraction: epoch / totalEpochs, message, epoch, totalEpochs, loss, valLoss, etaSeconds });
    progress.epoch(report);
  };

  const onMessage = (message: ChildMessage): Promise<void> | void => {
    beat.phase = progress.phase;
    switch (message.type) {
      case 'started': {
        const { pid, backend } = message;
        return log.info({ runId, pid, backend: backend.name, version: backend.version }, 'training child started');
      }
      case 'progress': {
        const { epoch, batch, loss, valLoss, etaSeconds } = message;
        Object.assign(beat, { epoch: epoch ?? beat.epoch, batch, loss, valLoss, etaSeconds } satisfies Partial<TrainingBeat>);
        return inOrder(() => follow(message));
      }
      case 'epoch': {
        const { epoch, loss, valLoss, etaSeconds } = message;
        Object.assign(beat, { epoch, batch: 0, loss, valLoss, etaSeconds } satisfies Partial<TrainingBeat>);
        return inOrder(() => afterEpoch(message));
      }
      case 'checkpoint':
        return checkpoints.save(message.epoch, message.dir).then(() => {
          beat.checkpointKey = checkpoints.newest;
          beat.crashes = 0;
        });
      case 'done':
      case 'failed':
      case 'stopped':
        return undefined; // the caller gets the outcome
    }
  };
  return { onMessage, settled: () => said };
}

type Figures = Pick<TrainingProgress, 'epoch' | 'totalEpochs'>;
const NO_EPOCH: Figures = { epoch: null, totalEpochs: null };

interface Place {
  phase: Phase;
  message: string;
  /** share of the phase for a share of the stage */
  share: (fraction: number) => number;
}

function place(stage: TrainingProgress['stage'], { epoch, totalEpochs }: Figures): Place {
  switch (stage) {
    case 'loading':
      return { phase: 'dataset', message: 'Opening the dataset', share: (fraction) => fraction };
    case 'training': {
      const message = epoch === null || totalEpochs === null ? 'Fitting the model' : `Training epoch ${epoch}/${totalEpochs}`;
      return { phase: 'training', message, share: (fraction) => fraction };
    }
    case 'predicting':
      return { phase: 'evaluation', message: 'Predicting', share: (fraction) => fraction * PREDICTING_SHARE };
    case 'saving':
      return { phase: 'evaluation', message: 'Storing the model', share: () => PREDICTING_SHARE };
  }
}
