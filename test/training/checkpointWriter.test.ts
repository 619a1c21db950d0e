import fs from 'node:fs';
import path from 'node:path';
import { describeNetwork, initialWeights } from '../../src/training';
import { atTheBeginning, readCheckpoint } from '../../src/training/fit';
import type { FitSnapshot } from '../../src/training/fit';
import { CheckpointWriter } from '../../src/training/run/checkpoints';
import { dense, removeTemporaryFolders, temporaryFolder } from './support';

const network = describeNetwork(dense(9, 4), { inputSteps: 3, inputFeatures: 2, outputSteps: 2, outputFeatures: 1 });
const at = (epoch: number, batch: number): FitSnapshot => ({
  progress: { ...atTheBeginning(7), epoch, batch },
  weights: initialWeights(network, 1),
  optimizer: { step: 1, m: initialWeights(network, 2), v: initialWeights(network, 3) },
  best: [],
});

describe('the checkpoints of a training', () => {
  let folder: string;
  let told: string[];
  let writer: CheckpointWriter;
  beforeEach(() => {
    jest.useFakeTimers({ now: 0, doNotFake: ['nextTick', 'setImmediate'] });
    folder = temporaryFolder('writer');
    told = [];
    writer = new CheckpointWriter(folder, 'run', (epoch, dir) => told.push(`${epoch} ${path.basename(dir)}`));
  });
  afterEach(() => jest.useRealTimers());
  afterAll(removeTemporaryFolders);

  it('are written within an epoch as soon as the last one is a minute old', () => {
    const snapshots: number[] = [];
    for (let batch = 1; batch <= 13; batch++) {
      jest.advanceTimersByTime(10_000); // a slow step
      writer.between(() => {
        snapshots.push(batch);
        return at(2, batch);
      });
    }
    expect(told).toEqual(['2 checkpoint_2_6', '2 checkpoint_2_12']);
    expect(snapshots).toEqual([6, 12]); // arrays are read only when they are saved
    expect(readCheckpoint(path.join(folder, 'checkpoint_2_12'), 'run', network)?.progress).toMatchObject({ epoch: 2, batch: 12 });
  });

  it('are written after every epoch, however short, which begins the minute anew', () => {
    for (let epoch = 1; epoch <= 3; epoch++) {
      jest.advanceTimersByTime(5);
      writer.save(at(epoch, 0));
    }
    jest.advanceTimersByTime(59_000);
    writer.between(() => at(3, 9));
    expect(told).toEqual(['1 checkpoint_1', '2 checkpoint_2', '3 checkpoint_3']);
    expect(fs.readdirSync(folder)).toHaveLength(3);
  });

  it('are not written twice for the same step, since the first may be read just now', () => {
    writer.save(at(1, 4));
    writer.save(at(1, 4));
    expect(told).toEqual(['1 checkpoint_1_4']);
  });
});
