import fs from 'node:fs';
import path from 'node:path';
import { CHECKPOINT_FILE, describeNetwork, initialWeights } from '../../src/training';
import { atTheBeginning, readCheckpoint, writeCheckpoint } from '../../src/training/fit';
import type { FitSnapshot } from '../../src/training/fit';
import { dense, removeTemporaryFolders, temporaryFolder } from './support';

const network = describeNetwork(dense(9, 4), { inputSteps: 3, inputFeatures: 2, outputSteps: 2, outputFeatures: 1 });
const snapshot = (): FitSnapshot => ({
  progress: { ...atTheBeginning(7), epoch: 3, batch: 2, lossSum: 0.1 + 0.2, stopping: { bestLoss: 1 / 3, bestEpoch: 2, wait: 1 } },
  weights: initialWeights(network, 1),
  optimizer: { step: 41, m: initialWeights(network, 2), v: initialWeights(network, 3) },
  best: initialWeights(network, 4),
});

describe('a checkpoint', () => {
  let folder: string;
  beforeEach(() => {
    folder = path.join(temporaryFolder('checkpoint'), 'checkpoint_3');
    writeCheckpoint(folder, 'run a', snapshot());
  });
  afterAll(removeTemporaryFolders);

  it('gives back every bit', () => {
    expect(readCheckpoint(folder, 'run a', network)).toEqual(snapshot());
  });

  it('is a single file, so that it can be copied as one object', () => {
    expect(fs.readdirSync(folder)).toEqual([CHECKPOINT_FILE]);
  });

  it('is not taken for that of another run', () => {
    expect(readCheckpoint(folder, 'run b', network)).toBeNull();
  });

  it('is refused when a byte of its arrays has changed or its end is missing', () => {
    const file = path.join(folder, CHECKPOINT_FILE);
    const bytes = fs.readFileSync(file);
    bytes[bytes.length - 5]! ^= 1;
    fs.writeFileSync(file, bytes);
    expect(readCheckpoint(folder, 'run a', network)).toBeNull();
    fs.writeFileSync(file, bytes.subarray(0, 100));
    expect(readCheckpoint(folder, 'run a', network)).toBeNull();
    fs.writeFileSync(file, '');
    expect(readCheckpoint(folder, 'run a', network)).toBeNull();
  });

  it('is absent in an empty folder', () => {
    expect(readCheckpoint(temporaryFolder('empty'), 'run a', network)).toBeNull();
  });
});
