import type { CheckpointStore } from '../../../src/activities/jobs/checkpoints';
import type { ChildFollower } from '../../../src/activities/jobs/followChild';
import { followChild, noBeatYet } from '../../../src/activities/jobs/followChild';
import { createLogger } from '../../../src/log';
import type { JobProgress, Report } from '../../../src/realtime';
import type { ChildMessage, EpochReport, TrainingProgress } from '../../../src/training/types';

/** Writes down what is told; entering a phase takes as long as a row write. */
function following() {
  const told: string[] = [];
  const messages: (string | undefined)[] = [];
  const progress = {
    phase: 'dataset',
    enter: async (phase: string) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      told.push(`enter ${phase}`);
    },
    report: ({ fraction, message }: Report) => {
      told.push(`report ${fraction.toFixed(2)}`);
      messages.push(message);
    },
    epoch: ({ epoch }: EpochReport) => void told.push(`epoch ${epoch}`),
  } as unknown as JobProgress;
  const beat = noBeatYet();
  const checkpoints = { newest: 'checkpoint_2', save: () => Promise.resolve() } as unknown as CheckpointStore;
  return { told, messages, beat, child: followChild({ progress, checkpoints, beat, log: createLogger('test', 'silent'), runId: 'run' }) };
}

const NONE = { epoch: null, totalEpochs: null, batch: null, totalBatches: null, loss: null, valLoss: null, etaSeconds: null };
const stage = (name: TrainingProgress['stage'], fraction: number): ChildMessage => ({ type: 'progress', stage: name, fraction, ...NONE });
const epoch = (number: number): ChildMessage => ({
  ...{ type: 'epoch', epoch: number, totalEpochs: 4, loss: 1, rmse: 1, valLoss: 1, valRmse: 1, durationSeconds: 1, etaSeconds: null },
});

/** All at once, as messages of a process arrive. */
const say = async (child: ChildFollower, messages: readonly ChildMessage[]): Promise<void> => {
  await Promise.all(messages.map(async (message) => child.onMessage(message)));
  await child.settled();
};

describe('what a training child says', () => {
  it('is told in the order it was said, however fast it comes', async () => {
    const { told, child } = following();
    await say(child, [stage('loading', 1), stage('training', 0), epoch(1), epoch(2), stage('predicting', 1), stage('saving', 1)]);
    expect(told.filter((line) => !line.startsWith('report'))).toEqual([
      'enter training',
      'epoch 1',
      'epoch 2',
      'enter evaluation',
      'enter evaluation',
    ]);
  });

  it('enters phase training also when the training was over before it reported', async () => {
    const quick = following();
    await say(quick.child, [stage('loading', 1), epoch(1), epoch(2), stage('predicting', 0)]);
    expect(quick.told.filter((line) => !line.startsWith('report'))).toEqual(['enter training', 'epoch 1', 'epoch 2', 'enter evaluation']);

    const silent = following();
    await say(silent.child, [stage('loading', 1), stage('predicting', 1)]);
    expect(silent.told).toEqual(['report 1.00', 'enter training', 'enter evaluation', 'report 0.30']);
  });

  it('names the epoch it has figures of, also where only the epoch is told', async () => {
    const { messages, child } = following();
    await say(child, [stage('loading', 1), stage('training', 0), epoch(1), epoch(2)]);
    expect(messages.slice(-2)).toEqual(['Training epoch 1/4', 'Training epoch 2/4']);
  });

  it('tells the heartbeat where a later attempt can go on', async () => {
    const { beat, child } = following();
    await child.onMessage(epoch(2));
    beat.crashes = 3;
    await child.onMessage({ type: 'checkpoint', epoch: 2, dir: '/nowhere' });
    expect(beat).toMatchObject({ phase: 'dataset', epoch: 2, checkpointKey: 'checkpoint_2', crashes: 0 });
    const within = { epoch: 3, totalEpochs: 4, batch: 7, totalBatches: 9, loss: 0.5, valLoss: 0.25, etaSeconds: 2 };
    await child.onMessage({ type: 'progress', stage: 'training', fraction: 0.6, ...within });
    expect(beat).toMatchObject({ epoch: 3, batch: 7, loss: 0.5, valLoss: 0.25, etaSeconds: 2, checkpointKey: 'checkpoint_2' });
  });
});
