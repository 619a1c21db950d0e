import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import type { Tensor } from '@tensorflow/tfjs';
import { runTraining } from '../../src/training';
import type { ModelFile } from '../../src/training';
import { modelFilename } from '../../src/training/exports';
import { dense, lstm, removeTemporaryFolders, specFor, storeDataset, temporaryFolder } from './support';

const ROOT = path.resolve(__dirname, '../..');
jest.setTimeout(60_000);

interface Hdf5 {
  attributes: Record<string, unknown>;
  datasets: Record<string, { shape: number[]; values: number[] }>;
}

/** Reads an HDF5 file with the library's reader, in a process of its own: jest does not load ES modules. */
function readHdf5(file: string): Hdf5 {
  const program = `
    import h5wasm from 'h5wasm/node';
    await h5wasm.ready;
    const file = new h5wasm.File(process.argv[1], 'r');
    const found = { attributes: {}, datasets: {} };
    const walk = (group, prefix) => {
      for (const [name, { value }] of Object.entries(group.attrs)) found.attributes[prefix + '@' + name] = value;
      for (const key of group.keys()) {
        const entry = group.get(key);
        if (entry.keys) walk(entry, prefix + key + '/');
        else found.datasets[prefix + key] = { shape: entry.shape, values: [...entry.value] };
      }
    };
    walk(file, '');
    console.log(JSON.stringify(found));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program, file], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return JSON.parse(output) as Hdf5;
}

afterAll(removeTemporaryFolders);

it('names model files in lower case without spaces', () => {
  expect(modelFilename({ modelClass: 'AR LSTM', stamp: '20240131_120500' }, 'h5')).toBe('ar_lstm_default_20240131_120500.h5');
});

describe('the files of a dense network of 24 → 5 → 12', () => {
  let files: ModelFile[];
  const file = (format: ModelFile['format']): string => files.find((candidate) => candidate.format === format)!.path;
  /** weights in order, from the plain binary file */
  const weights = (): number[] => [...new Float32Array(Uint8Array.from(fs.readFileSync(file('bin'))).buffer)];

  beforeAll(async () => {
    const spec = specFor(storeDataset(200), dense(1, 5, 1), { backend: 'wasm' });
    const output = await runTraining(spec, { signal: new AbortController().signal, onMessage: () => undefined });
    files = output.models;
  });

  it('carry the checksum they were announced with', () => {
    for (const { path: name, sha256 } of files) expect(createHash('sha256').update(fs.readFileSync(name)).digest('hex')).toBe(sha256);
  });

  it('hold the same weights in the layout of Keras .h5', () => {
    const { attributes, datasets } = readHdf5(file('h5'));
    expect(Object.entries(datasets).map(([name, { shape }]) => [name, shape])).toEqual([
      ['model_weights/dense/dense/bias:0', [5]],
      ['model_weights/dense/dense/kernel:0', [24, 5]],
      ['model_weights/dense_1/dense_1/bias:0', [12]],
      ['model_weights/dense_1/dense_1/kernel:0', [5, 12]],
    ]);
    const inOrder = ['dense/dense/kernel:0', 'dense/dense/bias:0', 'dense_1/dense_1/kernel:0', 'dense_1/dense_1/bias:0'];
    expect(inOrder.flatMap((name) => datasets[`model_weights/${name}`]!.values)).toEqual(weights());
    expect(attributes['model_weights/dense/@weight_names']).toEqual(['dense/kernel:0', 'dense/bias:0']);
    expect(attributes['model_weights/@layer_names']).toEqual(['flatten', 'dense', 'dense_1', 'reshape']);
    const config = JSON.parse(attributes['@model_config'] as string) as {
      config: { layers: { class_name: string; config: Record<string, unknown> }[] };
    };
    expect(config.config.layers.map(({ class_name }) => class_name)).toEqual(['InputLayer', 'Flatten', 'Dense', 'Dense', 'Reshape']);
    expect(config.config.layers[0]!.config['batch_input_shape']).toEqual([null, 12, 2]);
    expect(config.config.layers[4]!.config['target_shape']).toEqual([12, 1]);
  });

  it('hold the same weights in the layout of .keras', () => {
    const entries = unzipSync(new Uint8Array(fs.readFileSync(file('keras'))));
    expect(Object.keys(entries).sort()).toEqual(['config.json', 'metadata.json', 'model.weights.h5']);
    expect(JSON.parse(strFromU8(entries['config.json']!))).toMatchObject({
      class_name: 'Sequential',
      build_config: { input_shape: [null, 12, 2] },
    });
    const weightsFile = path.join(temporaryFolder('keras'), 'model.weights.h5');
    fs.writeFileSync(weightsFile, entries['model.weights.h5']!);
    const { datasets } = readHdf5(weightsFile);
    const inOrder = ['dense/vars/0', 'dense/vars/1', 'dense_1/vars/0', 'dense_1/vars/1'];
    expect(inOrder.flatMap((name) => datasets[`layers/${name}`]!.values)).toEqual(weights());
  });

  it('are loaded by TensorFlow.js', async () => {
    const tf = await import('@tensorflow/tfjs');
    await tf.setBackend('cpu');
    const description = JSON.parse(fs.readFileSync(file('json'), 'utf8')) as {
      modelTopology: object;
      weightsManifest: { paths: string[]; weights: never[] }[];
    };
    const [manifest] = description.weightsManifest;
    expect(manifest!.paths).toEqual([path.basename(file('bin'))]);
    const weightData = Uint8Array.from(fs.readFileSync(file('bin'))).buffer;
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology: description.modelTopology, weightSpecs: manifest!.weights, weightData }),
    );
    const forecast = model.predict(tf.ones([1, 12, 2])) as Tensor;
    expect(forecast.shape).toEqual([1, 12, 1]);

    // relu(1·K1 + b1)·K2 + b2, from the numbers in the binary file
    const all = weights();
    const hidden = Array.from({ length: 5 }, (_, j) =>
      Math.max(
        0,
        Array.from({ length: 24 }, (__, i) => all[i * 5 + j]!).reduce((a, b) => a + b, all[120 + j]!),
      ),
    );
    const expected = Array.from({ length: 12 }, (_, k) => hidden.reduce((sum, h, j) => sum + h * all[125 + j * 12 + k]!, all[185 + k]!));
    forecast.dataSync().forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 5));
  });
});

describe('the files of an AR LSTM', () => {
  let files: ModelFile[];
  const file = (format: ModelFile['format']): string => files.find((candidate) => candidate.format === format)!.path;
  const weights = (): number[] => [...new Float32Array(Uint8Array.from(fs.readFileSync(file('bin'))).buffer)];
  const parts = ['kernel', 'recurrent_kernel', 'bias'];

  beforeAll(async () => {
    const spec = specFor(storeDataset(200), lstm(1, 3, 1, 'tanh', 'AR LSTM'), { backend: 'wasm' });
    const output = await runTraining(spec, { signal: new AbortController().signal, onMessage: () => undefined });
    files = output.models;
  });

  it('are named after the mode', () => {
    expect(path.basename(file('h5'))).toBe('ar_lstm_default_20240131_120500.h5');
  });

  it('hold kernel, recurrent kernel and bias in this order, in .h5', () => {
    const { attributes, datasets } = readHdf5(file('h5'));
    expect(attributes['model_weights/lstm/@weight_names']).toEqual(parts.map((part) => `lstm/${part}:0`));
    const names = [...parts.map((part) => `lstm/lstm/${part}:0`), 'dense/dense/kernel:0', 'dense/dense/bias:0'];
    expect(names.map((name) => datasets[`model_weights/${name}`]!.shape)).toEqual([[2, 12], [3, 12], [12], [3, 1], [1]]);
    expect(names.flatMap((name) => datasets[`model_weights/${name}`]!.values)).toEqual(weights());
  });

  it('leave the weights of the recurrent layer to its cell, in .keras', () => {
    const weightsFile = path.join(temporaryFolder('keras'), 'model.weights.h5');
    fs.writeFileSync(weightsFile, unzipSync(new Uint8Array(fs.readFileSync(file('keras'))))['model.weights.h5']!);
    const { datasets } = readHdf5(weightsFile);
    const names = ['lstm/cell/vars/0', 'lstm/cell/vars/1', 'lstm/cell/vars/2', 'dense/vars/0', 'dense/vars/1'];
    expect(Object.keys(datasets).sort()).toEqual(names.map((name) => `layers/${name}`).sort());
    expect(names.flatMap((name) => datasets[`layers/${name}`]!.values)).toEqual(weights());
  });
});
