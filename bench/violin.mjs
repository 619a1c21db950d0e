// One violin of 50 000 values as a 3 × 6 in PNG of 100 dpi on disk, against seaborn; densities, drawing and encoding on both sides. Ratio ≤ 0.3.
// And the test-set plot of 17 subplots, limit 2 s.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { storeDataset } from './lib/child.mjs';
import { comparison, median, peakRssMb, round, timed } from './lib/measure.mjs';
import { runPeer } from './lib/peer.mjs';

const require = createRequire(import.meta.url);
const { violin, drawTestSample } = require('../dist/domain/plots');
const { Random, STREAM } = require('../dist/domain/random');
const { fitScalers } = require('../dist/domain/scaling');
const { encode } = require('../dist/plots/canvas');
const { drawViolinPanel } = require('../dist/plots/violinPanel');
const { renderTestSet } = require('../dist/plots');
const { readDataset } = require('../dist/activities/compute/dataset');

const VALUES = 50_000;
const TURNS = 2;
const RUNS = 7;
const SUBPLOTS = 17;
const PLOT_LIMIT_S = 2;

export async function run(print) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    await compareViolin(print, folder);
    await measureTestSet(print, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareViolin(print, folder) {
  const random = Random.stream(42, STREAM.violinSubsample);
  const values = Float64Array.from({ length: VALUES }, (_, i) => 1200 + 300 * random.normal() + (i % 2) * 700);
  const data = path.join(folder, 'values.f64');
  writeFileSync(data, new Uint8Array(values.buffer));
  const draw = () => {
    const panel = { violin: violin(values.slice()), title: 'load', yLabel: 'kW', color: '#1f77b4' };
    writeFileSync(path.join(folder, 'ours.png'), encode(drawViolinPanel(panel, 300, 600, 'png')));
  };
  const [ours, peer, peerRss] = [[], [], []];
  for (let turn = 0; turn < TURNS; turn += 1) {
    ours.push(...(await timed(draw, { runs: RUNS })));
    // settings that a host may have made for its BLAS would slow numpy down
    const env = { OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined };
    const seaborn = await runPeer({ program: 'violin', args: [data, path.join(folder, 'peer.png'), RUNS], env });
    peer.push(...seaborn.seconds);
    peerRss.push(seaborn.peakRssMb);
  }
  const milliseconds = (seconds) => median(seconds.sort((a, b) => a - b)) * 1000;
  print(
    comparison({
      measure: 'violin',
      unit: 'ms',
      ours: milliseconds(ours),
      peer: milliseconds(peer),
      peak_rss_mb: peakRssMb(),
      peer_peak_rss_mb: Math.max(...peerRss),
      values: VALUES,
      runs: ours.length,
    }),
  );
}

/** 17 windows of four inputs and one output with its forecast, 24 steps each. */
async function measureTestSet(print, folder) {
  const dataset = await readDataset(storeDataset(path.join(folder, 'dataset'), 5_000));
  const split = { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' };
  const { windows } = drawTestSample(dataset.windowCount, split, SUBPLOTS, 42);
  const forecast = new Float64Array(windows.length * dataset.output.steps * dataset.output.columns.length).fill(1e6);
  const drawn = { windows, scalers: fitScalers(dataset, null), forecast };
  for (const format of ['png', 'svg']) {
    const settings = { subplots: SUBPLOTS, xAxis: 'time', units: 'original', yAxes: 'separate', seed: 42, format };
    const selection = { input: [0, 1, 2, 3], output: [0], forecast: [0] };
    const seconds = median(await timed(() => renderTestSet(dataset, drawn, { ...settings, selection })));
    print({
      measure: 'test-set-plot',
      unit: 's',
      format,
      ours: round(seconds),
      limit: PLOT_LIMIT_S,
      within_limit: seconds <= PLOT_LIMIT_S,
      subplots: SUBPLOTS,
      runs: RUNS,
    });
  }
}
