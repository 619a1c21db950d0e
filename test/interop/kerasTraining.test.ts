import fs from 'node:fs';
import path from 'node:path';
import { arraySamples, describeNetwork, initialWeights, openBackend, trainEpoch } from '../../src/training';
import type { Network, ProblemShape } from '../../src/training';
import type { ModelSettings } from '../../src/domain/settings/types';
import { Random, STREAM } from '../../src/domain/random';
import { inputSize, outputSize } from '../../src/training/networks';
import { layerConfigs } from '../../src/training/exports/kerasConfig';
import { describeWith, runPython } from '../support/python';
import { cnn, dense, lstm, NATIVE_LINKED, removeTemporaryFolders, temporaryFolder } from '../training/support';

jest.setTimeout(120_000);
afterAll(removeTemporaryFolders);

/** The program that the benchmarks run (model.fit on given weights and windows, in order, 32 at a time), once per case in one process. */
const KERAS = `
import contextlib, io, json, runpy, sys
results = []
for spec in sys.argv[1:]:
    sys.argv = ['', spec]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        runpy.run_path(${JSON.stringify(path.resolve(__dirname, '../../bench/peers/training.py'))}, run_name='__main__')
    results.append(json.loads(printed.getvalue().strip().splitlines()[-1]))
print(json.dumps(results))`;
const SQUARE: ProblemShape = { inputSteps: 13, inputFeatures: 3, outputSteps: 13, outputFeatures: 3 };
const ONE_OUTPUT: ProblemShape = { ...SQUARE, outputFeatures: 1 };

interface Case {
  name: string;
  model: ModelSettings;
  shape: ProblemShape;
  /** of the weights after ten steps */
  tolerance: number;
}

const CASES: Case[] = [
  { name: 'Dense, three outputs', model: dense(1, 64, 2), shape: SQUARE, tolerance: 0 },
  { name: 'Dense, one output', model: dense(1, 32, 3), shape: ONE_OUTPUT, tolerance: 0 },
  { name: 'Dense, one number as forecast', model: dense(1, 16, 1), shape: { ...ONE_OUTPUT, outputSteps: 1 }, tolerance: 0 },
  { name: 'CNN ending in a convolution', model: cnn(1, 16, 2), shape: SQUARE, tolerance: 0 },
  { name: 'CNN ending in a dense layer', model: cnn(1, 16, 2), shape: ONE_OUTPUT, tolerance: 0 },
  { name: 'LSTM with tanh', model: lstm(1, 24, 2), shape: SQUARE, tolerance: 1e-6 },
  { name: 'LSTM with relu', model: lstm(1, 24, 2, 'relu'), shape: SQUARE, tolerance: 1e-6 },
  { name: 'LSTM with softmax', model: lstm(1, 8, 1, 'softmax'), shape: SQUARE, tolerance: 1e-6 },
  { name: 'AR LSTM with tanh and one output', model: lstm(1, 24, 1, 'tanh', 'AR LSTM'), shape: ONE_OUTPUT, tolerance: 1e-6 },
];

interface Run {
  weights: Float32Array;
  losses: number[];
}

/** What both sides start from. */
interface Problem {
  network: Network;
  windows: number;
  epochs: number;
  inputs: Float32Array;
  outputs: Float32Array;
  weights: Float32Array[];
}

function problemOf({ model, shape }: Case, windows: number, epochs: number): Problem {
  const random = Random.stream(1, STREAM.plotSamples);
  const draw = (size: number) => Float32Array.from({ length: size }, () => random.uniform());
  const network = describeNetwork(model, shape);
  return {
    network,
    windows,
    epochs,
    inputs: draw(windows * inputSize(network)),
    outputs: draw(windows * outputSize(network)),
    weights: initialWeights(network, 42),
  };
}

function trainKeras(problems: readonly Problem[]): Run[] {
  const folders = problems.map(() => temporaryFolder('keras-training'));
  const specs = problems.map(({ network, windows, epochs, inputs, outputs, weights }, i) => {
    const file = (name: string) => path.join(folders[i]!, name);
    const files = { inputs: file('inputs'), outputs: file('outputs'), weights: file('weights'), keras: file('keras') };
    fs.writeFileSync(files.inputs, inputs);
    fs.writeFileSync(files.outputs, outputs);
    fs.writeFileSync(files.weights, flat(weights));
    const sizes = network.weights.map((weight) => weight.shape);
    const common = { files, shape: network.shape, windows, epochs, threads: 2, keepWeights: true };
    fs.writeFileSync(file('spec.json'), JSON.stringify({ ...common, layers: layerConfigs(network), weights: sizes }));
    return file('spec.json');
  });
  return runPython<{ losses: number[] }[]>('keras3', KERAS, specs).map(({ losses }, i) => ({
    losses,
    weights: new Float32Array(Uint8Array.from(fs.readFileSync(path.join(folders[i]!, 'keras'))).buffer),
  }));
}

async function trainHere({ network, windows, epochs, inputs, outputs, weights }: Problem): Promise<Run> {
  const backend = await openBackend('native');
  const trainable = backend.create(network, weights, arraySamples(inputs, inputSize(network), outputs, outputSize(network)));
  try {
    expect(trainable.mode).toBe('recorded graph');
    const losses: number[] = [];
    const order = Int32Array.from({ length: windows }, (_, window) => window);
    for (let epoch = 0; epoch < epochs; epoch++) losses.push(await trainEpoch(trainable, order));
    return { weights: flat(trainable.readWeights()), losses };
  } finally {
    trainable.dispose();
  }
}

const flat = (tensors: readonly Float32Array[]) => Float32Array.from(tensors.flatMap((tensor) => [...tensor]));
const largest = (differences: Iterable<number>) => [...differences].reduce((worst, value) => Math.max(worst, Math.abs(value)), 0);

(NATIVE_LINKED ? describeWith('keras3') : describe.skip)('beside Keras on the same TensorFlow, from the same weights', () => {
  const tenSteps = CASES.map((one) => problemOf(one, 320, 1));
  /** eleven steps an epoch, the last one with ten windows */
  const wholeRuns = CASES.map((one) => problemOf(one, 330, 5));
  let keras: Run[];
  beforeAll(() => {
    keras = trainKeras([...tenSteps, ...wholeRuns]);
  });

  it.each(CASES.map((one, i) => ({ ...one, i })))(
    '$name has the same weights after ten steps, up to $tolerance',
    async ({ i, tolerance }) => {
      const { weights } = await trainHere(tenSteps[i]!);
      const first = flat(tenSteps[i]!.weights);
      expect(weights).toHaveLength(keras[i]!.weights.length);
      expect(largest(weights.map((value, k) => value - keras[i]!.weights[k]!))).toBeLessThanOrEqual(tolerance);
      expect(largest(weights.map((value, k) => value - first[k]!))).toBeGreaterThan(0.005); // ten updates of 0.001
    },
  );

  it.each(CASES.map((one, i) => ({ ...one, i })))('$name has the same losses in every epoch, to six digits', async ({ i }) => {
    const { losses } = await trainHere(wholeRuns[i]!);
    const wanted = keras[CASES.length + i]!.losses;
    expect(losses).toHaveLength(wanted.length);
    expect(largest(losses.map((loss, epoch) => loss / wanted[epoch]! - 1))).toBeLessThan(1e-6);
  });
});
