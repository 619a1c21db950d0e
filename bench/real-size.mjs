// A session as large as a real one – 106 273 windows of 97 × 9 → 97 – through a Dense 3×512, five epochs, as a job runs it; Keras on the same arrays beside it.
// Limit: 2 GB of memory.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { train } from './lib/child.mjs';
import { median, round } from './lib/measure.mjs';
import { runPeer } from './lib/peer.mjs';
import { realSession } from './lib/realSession.mjs';

const require = createRequire(import.meta.url);
const { buildDataset, serializeDataset } = require('../dist/domain/dataset');
const { copyScaled } = require('../dist/domain/scaling');
const { describeNetwork, initialWeights } = require('../dist/training/networks');
const { layerConfigs } = require('../dist/training/exports/kerasConfig');
const { poseProblem } = require('../dist/training/run/problem');

const MODEL = { kind: 'Dense', layers: 3, units: 512, epochs: 5, activation: 'relu' };
const SPLIT = { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' };
const LIMIT_MB = 2048;
const BLOCK = 1024;

export async function run(print) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    const { series, settings } = realSession();
    const dataset = buildDataset(series, settings);
    const { manifest, columns } = serializeDataset(dataset);
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
    writeFileSync(path.join(folder, 'columns.bin'), Buffer.concat(columns));
    const ours = await trainOurs(folder);
    const keras = await trainKeras(folder, dataset);
    const [mine, peer] = [ours.epochs, keras.epochs].map((seconds) => median(seconds.slice(1).sort((a, b) => a - b)));
    print({
      measure: 'real-size, dense 3×512',
      unit: 's/epoch',
      ours: round(mine),
      peer: round(peer),
      ratio: round(mine / peer),
      windows: dataset.windowCount,
      epochs: ours.epochs.length,
      cores: os.availableParallelism(),
      peak_rss_mb: ours.peakRssMb,
      limit_rss_mb: LIMIT_MB,
      within_limit: ours.peakRssMb <= LIMIT_MB,
      peer_peak_rss_mb: keras.peakRssMb,
      runs: 1,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function trainOurs(datasetDir) {
  const seen = { peakRssMb: 0, pid: 0 };
  const onMessage = (message) => {
    if (message.type === 'started') seen.pid = message.pid;
    if (seen.pid > 0) seen.peakRssMb = Math.max(seen.peakRssMb, peakOf(seen.pid));
  };
  const { system } = await train({ datasetDir, model: MODEL, backend: 'native', onMessage });
  return { epochs: system.epoch_seconds, peakRssMb: seen.peakRssMb };
}

/** Largest resident size a running process ever had; 0 where the system does not say or it has just ended. */
function peakOf(pid) {
  try {
    return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/** Keras reads the arrays from raw files, validation windows apart. */
function trainKeras(folder, dataset) {
  const {
    train: training,
    validation,
    scalers,
  } = poseProblem(dataset, { model: MODEL, modeAsSent: 'Dense', parameters: {}, split: SPLIT });
  const { input, output } = dataset;
  const shape = {
    inputSteps: input.steps,
    inputFeatures: input.columns.length,
    outputSteps: output.steps,
    outputFeatures: output.columns.length,
  };
  const network = describeNetwork(MODEL, shape);
  const files = Object.fromEntries(
    ['inputs', 'outputs', 'validationInputs', 'validationOutputs', 'weights'].map((name) => [name, path.join(folder, `${name}.f32`)]),
  );
  dump(files.inputs, input, scalers.input, training);
  dump(files.outputs, output, scalers.output, training);
  dump(files.validationInputs, input, scalers.input, validation);
  dump(files.validationOutputs, output, scalers.output, validation);
  writeFileSync(files.weights, Buffer.concat(initialWeights(network, SPLIT.seed).map(bytesOf)));
  const weights = network.weights.map((weight) => weight.shape);
  const common = { files, weights, layers: layerConfigs(network), shape, keepWeights: false, threads: os.availableParallelism() };
  const spec = path.join(folder, 'keras.json');
  writeFileSync(spec, JSON.stringify({ ...common, windows: training.length, validation: validation.length, epochs: MODEL.epochs }));
  return runPeer({ environment: 'keras3', program: 'training', args: [spec] });
}

/** Block by block: the arrays are larger than what need be held. */
function dump(file, block, scalers, windows) {
  const handle = openSync(file, 'w');
  const size = block.steps * block.columns.length;
  for (let from = 0; from < windows.length; from += BLOCK) {
    const part = windows.subarray(from, from + BLOCK);
    const cells = new Float32Array(part.length * size);
    copyScaled(block, scalers, part, cells);
    writeSync(handle, bytesOf(cells));
  }
  closeSync(handle);
}

const bytesOf = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength);
