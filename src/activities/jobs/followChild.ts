import type { Logger } from '../../log';
import type { JobProgress } from '../../realtime';
import type { ChildMessage, TrainingProgress } from '../../training/types';
import type { Phase } from '../../workflows/messages';
import type { CheckpointStore } from './checkpoints';

interface Following {
  progress: JobProgress;
  checkpoints: CheckpointStore;
  /** heartbeat details, kept up to date */
  beat: { phase: string; epoch: number | null; checkpointKey: string | null };
  log: Logger;
  runId: string;
}

// Share of phase `evaluation` that belongs to the child: it predicts, the evaluation activity compares.
const PREDICTING_SHARE = 0.3;

/** Turns what the training child says into progress, metrics and stored checkpoints. */
export function followChild({ progress, checkpoints, beat, log, runId }: Following): (message: ChildMessage) => Promise<void> | void {
  let stage: TrainingProgress['stage'] | null = null;

  const follow = ({ stage: next, fraction, ...figures }: TrainingProgress): Promise<void> | void => {
    const begins = next !== stage;
    stage = next;
    const { phase, message, share } = place(next, figures);
    const report = { fraction: share(fraction), message, ...figures };
    if (!begins || phase === 'dataset') return progress.report(report);
    return progress.enter(phase, message).then(() => progress.report(report));
  };

  return (message) => {
    beat.phase = progress.phase;
    switch (message.type) {
      case 'started':
        return log.info(
          { runId, pid: message.pid, backend: message.backend.name, version: message.backend.version },
          'training child started',
        );
      case 'progress':
        return follow(message);
      case 'epoch':
        beat.epoch = message.epoch;
        return progress.epoch(message);
      case 'checkpoint':
        return checkpoints.save(message.epoch, message.dir).then(() => {
          beat.checkpointKey = checkpoints.newest;
        });
      case 'done':
      case 'failed':
        return undefined; // the caller gets the outcome
    }
  };
}

interface Place {
  phase: Phase;
  message: string;
  /** share of the phase for a share of the stage */
  share: (fraction: number) => number;
}

function place(stage: TrainingProgress['stage'], { epoch, totalEpochs }: Pick<TrainingProgress, 'epoch' | 'totalEpochs'>): Place {
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
