// Trains the same network from the same weights on the same windows here and in Keras, in turns, and compares the median epoch.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { median, round } from './measure.mjs';
import { runPeer } from './peer.mjs';

const require = createRequire(import.meta.url);
const { describeNetwork, initialWeights, parameterCount } = require('../../dist/training/networks');
const { layerConfigs } = require('../../dist/training/exports/kerasConfig');
const { childEnvironment } = require('../../dist/training/childProcess');
const { Random, STREAM } = require('../../dist/domain/random');

const ROUNDS = 2;
const SEED = 42;
/** Steps after which the weights of both sides are compared: longer, and one rounding more may send a ReLU the other way. */
const STEPS_COMPARED = 10;
const BATCH = 32;

/**
 * Prints one line per number of cores: seconds of the median epoch of both sides over `ROUNDS` turns each, first epochs left out.
 *
 * @param {{ measure: string, model: object, shape: object, windows: number, epochs: number, wasmWindows?: number }} what
 *   `wasmWindows`: windows for the WebAssembly figure; left out = not measured
 */
export async function compareTraining(print, { measure, model, shape, windows, epochs, wasmWindows }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    const problem = prepare(folder, model, shape, windows);
    for (const threads of [1, 2].filter((count) => count <= os.availableParallelism())) {
      const [ours, keras] = [[], []];
      for (let turn = 0; turn < ROUNDS; turn += 1) {
        ours.push(await trainOurs(problem, { threads, epochs, backend: 'native' }));
        keras.push(await trainKeras(problem, { threads, epochs }));
      }
      const [mine, peer] = [ours, keras].map((runs) => medianEpoch(runs));
      print({
        measure,
        unit: 's/epoch',
        ours: round(mine),
        peer: round(peer),
        ratio: round(mine / peer),
        threads,
        peak_rss_mb: Math.max(...ours.map(({ peakRssMb }) => peakRssMb)),
        peer_peak_rss_mb: Math.max(...keras.map(({ peakRssMb }) => peakRssMb)),
        ms_per_step: round((mine / Math.ceil(windows / BATCH)) * 1000),
        windows,
        parameters: problem.parameters,
        epochs,
        runs: ROUNDS,
        mode: ours[0].mode,
        first_step_s: round(ours[0].firstStep),
        largest_loss_difference: largestDifference(ours[0].losses, keras[0].losses),
        ...(threads === 1 ? await afterTenSteps(path.join(folder, 'steps'), model, shape) : {}),
      });
    }
    if (wasmWindows) await measureWasm(print, { measure, model, shape, windows: wasmWindows, folder: path.join(folder, 'wasm') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files both sides read: raw float32 arrays and a description. */
function prepare(folder, model, shape, windows) {
  mkdirSync(folder, { recursive: true });
  const network = describeNetwork(model, shape);
  const files = Object.fromEntries(
    ['inputs', 'outputs', 'weights', 'ours', 'keras'].map((name) => [name, path.join(folder, `${name}.f32`)]),
  );
  const random = Random.stream(SEED, STREAM.plotSamples);
  const inputSize = shape.inputSteps * shape.inputFeatures;
  const outputSize = shape.outputSteps * shape.outputFeatures;
  const inputs = Float32Array.from({ length: windows * inputSize }, () => random.uniform());
  // something to learn: every output is a mean of some inputs of its window
  const outputs = Float32Array.from({ length: windows * outputSize }, (_, cell) => {
    const from = Math.floor(cell / outputSize) * inputSize;
    const k = cell % outputSize;
    return (inputs[from + (k % inputSize)] + inputs[from + ((k * 7 + 3) % inputSize)]) / 2;
  });
  write(files.inputs, inputs);
  write(files.outputs, outputs);
  const first = initialWeights(network, SEED);
  writeFileSync(files.weights, Buffer.concat(first.map(bytesOf)));
  const problem = { model, shape, windows, files, layers: layerConfigs(network), weights: network.weights.map((weight) => weight.shape) };
  return { ...problem, folder, parameters: parameterCount(network) };
}

async function afterTenSteps(folder, model, shape) {
  const problem = prepare(folder, model, shape, STEPS_COMPARED * BATCH);
  await trainOurs(problem, { threads: 1, epochs: 1, backend: 'native', keepWeights: true });
  await trainKeras(problem, { threads: 1, epochs: 1, keepWeights: true });
  const [ours, keras] = [problem.files.ours, problem.files.keras].map(
    (file) => new Float32Array(new Uint8Array(readFileSync(file)).buffer),
  );
  return { weight_difference_after_10_steps: largestDifference(ours, keras) };
}

async function measureWasm(print, { measure, model, shape, windows, folder }) {
  const problem = prepare(folder, model, shape, windows);
  const run = await trainOurs(problem, { threads: 1, epochs: 2, backend: 'wasm' });
  const [epoch] = run.epochs.slice(1);
  print({
    measure: `${measure}, WebAssembly`,
    unit: 's/epoch',
    ours: round(epoch),
    ms_per_step: round((epoch / Math.ceil(windows / BATCH)) * 1000),
    threads: 1,
    peak_rss_mb: run.peakRssMb,
    windows,
    runs: 1,
  });
}

const medianEpoch = (runs) => median(runs.flatMap(({ epochs }) => epochs.slice(1)).sort((a, b) => a - b));

/** In a process of its own with the environment the service gives it; one core = the process may use no other. */
async function trainOurs(problem, { threads, epochs, backend, keepWeights = false }) {
  const spec = path.join(problem.folder, 'ours.json');
  writeFileSync(spec, JSON.stringify({ ...problem, epochs, backend, keepWeights }));
  const command = [process.execPath, path.join(import.meta.dirname, 'trainOurs.mjs'), spec];
  const [file, ...args] = threads === 1 ? ['taskset', '-c', '0', ...command] : command;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], env: childEnvironment(problem.model) });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`training ended with code ${code}`);
  return JSON.parse(output.trim().split('\n').at(-1));
}

function trainKeras(problem, { threads, epochs, keepWeights = false }) {
  const spec = path.join(problem.folder, 'keras.json');
  writeFileSync(spec, JSON.stringify({ ...problem, epochs, threads, keepWeights }));
  return runPeer({ environment: 'keras3', program: 'training', args: [spec] });
}

const largestDifference = (a, b) =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), a.length === b.length ? 0 : Infinity);
const bytesOf = (values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
const write = (file, values) => writeFileSync(file, bytesOf(values));
