// From the fork of the training process to its first batch: modules, back end, self-test, dataset, graph.
// Limit: 2 s, what a user still takes for the beginning of the training itself.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { storeDataset, train } from './lib/child.mjs';
import { median, round } from './lib/measure.mjs';

const RUNS = 5;
const LIMIT_S = 2;
const NETWORK = { layers: 2, units: 64, epochs: 2 };
const MODELS = [
  { kind: 'Dense', activation: 'relu', ...NETWORK },
  { kind: 'CNN', activation: 'relu', kernelEdge: 3, ...NETWORK },
  { kind: 'LSTM', activation: 'tanh', ...NETWORK },
  { kind: 'AR LSTM', activation: 'tanh', ...NETWORK },
];

export async function run(print) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    const datasetDir = storeDataset(folder, 20_000);
    for (const backend of ['native', 'wasm']) {
      for (const model of MODELS) {
        const runs = [];
        for (let k = 0; k < RUNS; k += 1) runs.push(await once(datasetDir, model, backend));
        const firstBatch = median(runs.map((one) => one.firstBatch).sort((a, b) => a - b));
        const started = median(runs.map((one) => one.started).sort((a, b) => a - b));
        print({
          measure: 'training-start',
          unit: 's',
          backend,
          model: model.kind,
          ours: round(firstBatch),
          back_end_ready: round(started),
          limit: LIMIT_S,
          within_limit: firstBatch <= LIMIT_S,
          runs: RUNS,
        });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds since the fork. */
async function once(datasetDir, model, backend) {
  const from = performance.now();
  const since = () => (performance.now() - from) / 1000;
  const controller = new AbortController();
  const seen = { started: 0, firstBatch: 0 };
  const onMessage = (message) => {
    if (message.type === 'started') seen.started = since();
    if (message.type !== 'progress' || message.stage !== 'training' || seen.firstBatch > 0) return;
    seen.firstBatch = since();
    controller.abort();
  };
  await train({ datasetDir, model, backend, onMessage, signal: controller.signal }).catch((error) => {
    if (error.name !== 'TrainingCancelled') throw error;
  });
  return seen;
}
