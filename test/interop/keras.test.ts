import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import { Random, STREAM } from '../../src/domain/random';
import type { ModelSettings } from '../../src/domain/settings/types';
import { arraySamples, describeNetwork, initialWeights, openBackend } from '../../src/training';
import type { Network, ProblemShape } from '../../src/training';
import { inputSize, outputSize } from '../../src/training/networks';
import { describeWith, runPython } from '../support/python';
import { ACTIVATIONS, cnn, dense, lstm, removeTemporaryFolders, temporaryFolder } from '../training/support';

jest.setTimeout(180_000);
afterAll(removeTemporaryFolders);

const SQUARE: ProblemShape = { inputSteps: 7, inputFeatures: 3, outputSteps: 7, outputFeatures: 3 };
const UNEQUAL: ProblemShape = { inputSteps: 7, inputFeatures: 3, outputSteps: 5, outputFeatures: 2 };
const TWO_OUTPUTS: ProblemShape = { ...SQUARE, outputFeatures: 2 };

const CASES: [name: string, model: ModelSettings, shape: ProblemShape][] = [
  ['Dense', dense(1, 8, 3), UNEQUAL],
  ['CNN ending in a convolution', cnn(1, 4, 2, 'relu', 3), SQUARE],
  ['CNN ending in a dense layer, kernel 4 × 4', cnn(1, 4, 2, 'relu', 4), UNEQUAL],
  ['LSTM', lstm(1, 6, 2), TWO_OUTPUTS],
  ['LSTM with relu', lstm(1, 6, 2, 'relu'), TWO_OUTPUTS],
  ['AR LSTM', lstm(1, 6, 3, 'tanh', 'AR LSTM'), TWO_OUTPUTS],
  ...ACTIVATIONS.map((activation): [string, ModelSettings, ProblemShape] => [
    `Dense with ${activation}`,
    dense(1, 6, 1, activation),
    UNEQUAL,
  ]),
];

interface Saved {
  network: Network;
  weights: Float32Array[];
  /** three windows */
  inputs: Float32Array;
  forecast: Float32Array;
}
const WINDOWS = 3;

/** A network with random weights, the zero kernel at its end included, and what it forecasts here. */
async function forecastHere(model: ModelSettings, shape: ProblemShape): Promise<Saved> {
  const network = describeNetwork(model, shape);
  const random = Random.stream(11, STREAM.plotSamples);
  const weights = initialWeights(network, 5).map((tensor) => tensor.map((value) => value + 0.3 * random.normal()));
  const inputs = Float32Array.from({ length: WINDOWS * inputSize(network) }, () => random.normal());
  const outputs = new Float32Array(WINDOWS * outputSize(network));
  const backend = await openBackend('auto');
  const trainable = backend.create(network, weights, arraySamples(inputs, inputSize(network), outputs, outputSize(network)));
  const forecast = trainable.predict(inputs, WINDOWS);
  trainable.dispose();
  return { network, weights, inputs, forecast };
}

/** Writes the files with the built program, in a process of its own: jest does not load the ES module of the HDF5 library. */
const SAVE = `
const { readFileSync } = require('node:fs');
const { saveNetwork } = require(process.argv[1]);
(async () => {
  for (const { network, weights, folder } of JSON.parse(readFileSync(process.argv[2], 'utf8')))
    await saveNetwork(network, weights.map((w) => Float32Array.from(w)), { folder, modelClass: 'model', stamp: '20240131_120500' });
})();`;

const folder = temporaryFolder('keras-files');
const file = (i: number, format: 'h5' | 'keras' | 'json' | 'bin') =>
  path.join(folder, String(i), `model_default_20240131_120500.${format}`);
const saved: Saved[] = [];

beforeAll(async () => {
  for (const [, model, shape] of CASES) saved.push(await forecastHere(model, shape));
  const list = path.join(folder, 'networks.json');
  const networks = saved.map(({ network, weights }, i) => ({
    network,
    weights: weights.map((tensor) => [...tensor]),
    folder: path.join(folder, String(i)),
  }));
  fs.writeFileSync(list, JSON.stringify(networks));
  execFileSync(process.execPath, ['-e', SAVE, path.resolve(__dirname, '../../dist/training/exports'), list]);
});

function expectSame(forecast: ArrayLike<number>, wanted: Float32Array): void {
  expect(forecast).toHaveLength(wanted.length);
  const largest = Array.from(wanted).reduce((worst, value) => Math.max(worst, Math.abs(value)), 0);
  expect(largest).toBeGreaterThan(0.1); // there is something to compare
  wanted.forEach((value, i) => expect(Math.abs(forecast[i]! - value)).toBeLessThan(1e-5 * Math.max(1, largest)));
}

/** Loads every file as a user of Keras does, and forecasts the windows. */
const LOAD_AND_PREDICT = `
import json, sys
import numpy as np
import keras
print(json.dumps([
    keras.models.load_model(one['file']).predict(np.array(one['inputs'], np.float32).reshape(one['shape']), verbose=0).ravel().tolist()
    for one in json.load(open(sys.argv[1]))
]))`;

describe.each(['keras2', 'keras3'] as const)('%s loads', (environment) => {
  describeWith(environment).each(['h5', 'keras'] as const)('.%s files', (format) => {
    let forecasts: number[][];
    beforeAll(() => {
      const list = path.join(temporaryFolder('keras-list'), 'files.json');
      const files = saved.map(({ network: { shape }, inputs }, i) => ({
        file: file(i, format),
        inputs: [...inputs],
        shape: [WINDOWS, shape.inputSteps, shape.inputFeatures],
      }));
      fs.writeFileSync(list, JSON.stringify(files));
      forecasts = runPython<number[][]>(environment, LOAD_AND_PREDICT, [list]);
    });

    it.each(CASES.map(([name], i) => [name, i] as const))('of %s and forecasts the same', (_name, i) => {
      expectSame(forecasts[i]!, saved[i]!.forecast);
    });
  });
});

describe('TensorFlow.js loads LayersModels', () => {
  it.each(CASES.map(([name], i) => [name, i] as const))('of %s and forecasts the same', async (_name, i) => {
    const tf = await import('@tensorflow/tfjs');
    await tf.setBackend('cpu');
    const { network, inputs, forecast } = saved[i]!;
    const { modelTopology, weightsManifest } = JSON.parse(fs.readFileSync(file(i, 'json'), 'utf8')) as {
      modelTopology: object;
      weightsManifest: { weights: never[] }[];
    };
    const weightData = Uint8Array.from(fs.readFileSync(file(i, 'bin'))).buffer;
    const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData }));
    const { inputSteps, inputFeatures, outputSteps, outputFeatures } = network.shape;
    const result = model.predict(tf.tensor3d(inputs, [WINDOWS, inputSteps, inputFeatures])) as Tensor;
    expect(result.shape).toEqual([WINDOWS, outputSteps, outputFeatures]);
    expectSame(result.dataSync<'float32'>(), forecast);
  });
});
