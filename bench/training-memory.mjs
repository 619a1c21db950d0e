// Memory of a training process over 50 epochs, and the time of an epoch as the windows grow. Both as a job trains: checkpoints, messages, validation.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { storeDataset, train } from './lib/child.mjs';
import { median, round } from './lib/measure.mjs';

const EPOCHS = 50;
const EARLY = 10; // pools and caches have filled by then
const MODEL = { kind: 'Dense', layers: 3, units: 512, activation: 'relu' };
const WINDOWS = [4000, 8000, 16000];
const EPOCHS_TIMED = 6;

export async function run(print) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    const datasets = WINDOWS.map((hours) => storeDataset(path.join(folder, String(hours)), hours));
    for (const backend of ['native', 'wasm']) {
      const { system } = await train({ datasetDir: datasets[0], model: { ...MODEL, epochs: EPOCHS }, backend });
      const [early, late] = [system.rss_mb[EARLY - 1], system.rss_mb[EPOCHS - 1]];
      print({ measure: 'training-memory', unit: 'MB', backend, ours: late, [`epoch_${EARLY}`]: early, ratio: round(late / early) });
    }
    const times = [];
    for (const datasetDir of datasets) {
      const { system } = await train({ datasetDir, model: { ...MODEL, epochs: EPOCHS_TIMED }, backend: 'native' });
      times.push(median(system.epoch_seconds.slice(1).sort((a, b) => a - b)));
    }
    WINDOWS.forEach((windows, k) => {
      const growth = times[k] / times[0] / (windows / WINDOWS[0]);
      print({ measure: 'training-time', unit: 's/epoch', windows, ours: round(times[k]), per_window_of_first: round(growth) });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
