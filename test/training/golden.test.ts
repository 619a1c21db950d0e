import fs from 'node:fs';
import path from 'node:path';
import { arraySamples, describeNetwork, evaluate, openBackend, trainEpoch } from '../../src/training';
import type { NetworkBackend } from '../../src/training';
import { BACKENDS } from './support';

/** Reference run of Keras (TensorFlow 2.19) on a dense network: same start, batches of 32 in order, three epochs. */
const FOLDER = path.resolve(__dirname, '../golden/cases/50-dense');

interface StoredTensor {
  shape: number[];
  values: number[];
}
interface Reference {
  model: {
    network: Record<'train_x' | 'train_y' | 'val_x' | 'val_y' | 'test_x', StoredTensor> & {
      initial_weights: StoredTensor[];
      weights_after_first_batch: StoredTensor[];
      weights_after_epoch: StoredTensor[][];
      log: { loss: number; root_mean_squared_error: number; val_loss: number; val_root_mean_squared_error: number }[];
    };
    test_prediction_scaled: { samples: { index: number; values: number[][] }[] };
  };
}

describe.each(BACKENDS)('a dense network on the %s back end', (choice) => {
  const { model } = JSON.parse(fs.readFileSync(path.join(FOLDER, 'expected.json'), 'utf8')) as Reference;
  const { network: reference } = model;
  let backend: NetworkBackend;
  beforeAll(async () => {
    backend = await openBackend(choice);
  });

  it('follows Keras from batch to batch and epoch to epoch', async () => {
    const network = describeNetwork(
      { kind: 'Dense', layers: 2, units: 8, epochs: 3, activation: 'relu' },
      { inputSteps: 13, inputFeatures: 2, outputSteps: 13, outputFeatures: 2 },
    );
    const start = reference.initial_weights.map(({ values }) => Float32Array.from(values));
    const trainable = backend.create(network, start, arraySamples(reference.train_x.values, 26, reference.train_y.values, 26));
    const order = Int32Array.from({ length: 102 }, (_, i) => i);
    const validation = { count: 29, inputs: Float32Array.from(reference.val_x.values), outputs: Float32Array.from(reference.val_y.values) };

    for (const [epoch, expected] of reference.log.entries()) {
      const loss = await trainEpoch(trainable, order, undefined, ({ batch }) => {
        if (epoch === 0 && batch === 1)
          expect(largestDifference(trainable.readWeights(), reference.weights_after_first_batch)).toBeLessThan(1e-5);
      });
      const valLoss = evaluate(trainable, validation);
      expect(Math.abs(loss - expected.loss)).toBeLessThan(1e-4);
      expect(Math.abs(Math.sqrt(loss) - expected.root_mean_squared_error)).toBeLessThan(1e-4);
      expect(Math.abs(valLoss - expected.val_loss)).toBeLessThan(1e-4);
      expect(Math.abs(Math.sqrt(valLoss) - expected.val_root_mean_squared_error)).toBeLessThan(1e-4);
      expect(largestDifference(trainable.readWeights(), reference.weights_after_epoch[epoch]!)).toBeLessThan(1e-4);
    }
    const forecast = trainable.predict(Float32Array.from(reference.test_x.values), 15);
    for (const { index, values } of model.test_prediction_scaled.samples) {
      values.flat().forEach((value, i) => expect(Math.abs(forecast[index * 26 + i]! - value)).toBeLessThan(1e-4));
    }
    trainable.dispose();
  });
});

function largestDifference(weights: readonly Float32Array[], expected: readonly StoredTensor[]): number {
  return Math.max(...expected.flatMap(({ values }, i) => values.map((value, j) => Math.abs(value - weights[i]![j]!))));
}
