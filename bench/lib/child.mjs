// A training as a job runs it: dataset on disk, child process, messages. No stack around it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const require = createRequire(import.meta.url);
const { buildDataset, serializeDataset } = require('../../dist/domain/dataset');
const { runTraining } = require('../../dist/training');

const HOUR_US = 3_600_000_000;
const START = Date.UTC(2024, 0, 1) * 1000;
const STEPS = 24;
/** So far from where the weights begin that 50 epochs only come nearer, and early stopping has nothing to stop. */
const FAR_AWAY = 1e6;

const seriesSettings = (label) => ({
  label,
  role: label === 'y' ? 'output' : 'input',
  dataForm: 'historical',
  horizonStartH: 0,
  horizonEndH: STEPS - 1,
  horizonDefaulted: false,
  alignment: 'linear',
  horizonMean: false,
  scale: label !== 'y',
  scaleMin: 0,
  scaleMax: 1,
});

/** Stores a dataset of about `hours` windows (24 × 4 → 24 × 1). @returns its folder */
export function storeDataset(folder, hours) {
  const labels = ['a', 'b', 'c', 'd', 'y'];
  const times = Float64Array.from({ length: hours }, (_, i) => START + i * HOUR_US);
  const series = labels.map((label, k) => ({
    label,
    role: label === 'y' ? 'output' : 'input',
    times,
    values: times.map((_, i) => (label === 'y' ? FAR_AWAY : 0) + Math.sin(i * (0.26 + 0.1 * k)) + (i % 7)),
  }));
  const dataset = buildDataset(series, {
    series: labels.map(seriesSettings),
    steps: { inputSteps: STEPS, outputSteps: STEPS, referenceStepMin: 60, referenceOffsetMin: 0 },
    time: { timeZone: 'UTC', groups: [] },
  });
  const { manifest, columns } = serializeDataset(dataset);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'columns.bin'), Buffer.concat(columns));
  return folder;
}

/**
 * @param {{ datasetDir: string, model: object, backend: 'native' | 'wasm', onMessage?: (message: object) => void, signal?: AbortSignal }} what
 * @returns the `training` part of the result
 */
export async function train({ datasetDir, model, backend, onMessage = () => undefined, signal = new AbortController().signal }) {
  const outDir = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    const split = { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' };
    const spec = {
      runId: 'bench',
      datasetDir,
      outDir,
      resumeDir: null,
      settings: { model, modeAsSent: model.kind, parameters: {}, split },
      stamp: '20240101_000000',
      limits: { maxModelParameters: 100_000_000, svrMaxRows: 20_000, svrCacheBytes: 2 ** 28 },
      backend,
    };
    const { training } = await runTraining(spec, { signal, onMessage });
    return training;
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
