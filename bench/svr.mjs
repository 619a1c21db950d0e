// ε-SVR (rbf, C 1, ε 0.1, tolerance 1e-3 on both sides) against scikit-learn on rows of real windows: load and time of day to the transformer's
// temperature at the same step. Twice: rows all distinct, and rows of overlapping windows, as trainings have them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { comparison, median } from './lib/measure.mjs';
import { runOurs, runPeer } from './lib/peer.mjs';

const require = createRequire(import.meta.url);
const { buildDataset } = require('../dist/domain/dataset');
const { windowRows } = require('../dist/domain/models');
const { fitScalers } = require('../dist/domain/scaling');
const { parseCsv } = require('../dist/domain/series');
const { parseDatasetSettings } = require('../dist/domain/settings');

const SIZES = [1_000, 5_000, 20_000];
const TURNS = 3;
const STEPS = 25;
const FOLDER = path.resolve(import.meta.dirname, '../examples/etth1');
/** Hints for an old OpenBLAS on some machines; the one that numpy brings is slower with them. */
const NO_HINTS = { OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined };
/** Half-hourly instants, windows end to end: 20 000 instants in two years. Or hourly, each window an hour after the one before. */
const KINDS = { 'distinct rows': { stepMin: 30, advance: STEPS }, 'rows of overlapping windows': { stepMin: 60, advance: 1 } };

export async function run(print) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    const file = path.join(folder, 'rows.json');
    for (const [kind, spacing] of Object.entries(KINDS))
      for (const rows of SIZES) {
        writeFileSync(file, JSON.stringify(rowsOf({ rows, ...spacing })));
        await compare(print, `svr, ${rows} ${kind}`, file);
      }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Both sides in turns, each in a process of its own. CPU seconds, as both use one core: what else runs on the machine counts less. */
async function compare(print, measure, file) {
  const [ours, peer] = [[], []];
  for (let turn = 0; turn < TURNS; turn += 1) {
    ours.push(await runOurs({ program: 'fitSvr', args: [file] }));
    peer.push(await runPeer({ program: 'svr', args: [file], env: NO_HINTS }));
  }
  const secondsOf = (turns) => median(turns.flatMap(({ seconds }) => seconds).sort((a, b) => a - b));
  const largest = (turns) => Math.max(...turns.map(({ peakRssMb }) => peakRssMb));
  const differences = ours[0].forecast.map((value, i) => Math.abs(value - peer[0].forecast[i]));
  print(
    comparison({
      measure,
      unit: 'CPU s',
      ours: secondsOf(ours),
      peer: secondsOf(peer),
      first_run: median(ours.map(({ firstRun }) => firstRun).sort((a, b) => a - b)),
      peak_rss_mb: largest(ours),
      peer_peak_rss_mb: largest(peer),
      runs: ours.length * ours[0].seconds.length,
      largest_difference: Number(Math.max(...differences).toPrecision(2)),
    }),
  );
}

function rowsOf({ rows, stepMin, advance }) {
  const horizon = { zeithorizontStart: 0, zeithorizontEnd: ((STEPS - 1) * stepMin) / 60 };
  const files = Object.entries({ HUFL: 'input', MUFL: 'input', OT: 'output' }).map(([file, type]) => ({
    file,
    type,
    bezeichnung: file,
    ...horizon,
  }));
  const day = { detaillierteBerechnung: false, datenform: 'Zeithorizont', ...horizon };
  const { settings } = parseDatasetSettings({
    files,
    zeitschritte: { eingabe: STEPS, ausgabe: STEPS, zeitschrittweite: stepMin * advance, offset: 0 },
    timeInfo: { jahr: true, tag: true, zeitzone: 'UTC', category_data: { jahr: day, tag: day } },
  });
  const series = files.map(({ file, type }) => {
    const { csv } = parseCsv(readFileSync(path.join(FOLDER, `${file}.csv`)), { fileName: file, label: file });
    return { label: file, role: type, ...csv };
  });
  const dataset = buildDataset(series, settings);
  const windows = Int32Array.from({ length: Math.ceil(rows / STEPS) }, (_, w) => w);
  if (windows.length > dataset.windowCount) throw new Error(`${dataset.windowCount} windows are too few for ${rows} rows`);
  const source = windowRows(dataset, windows, fitScalers(dataset, windows));
  const features = source.features.length;
  const [x, y] = [[], []];
  for (const block of source.blocks())
    for (let row = 0; row < block.rows && y.length < rows; row += 1) {
      x.push([...block.x.subarray(row * features, (row + 1) * features)]);
      y.push(block.y[row]);
    }
  return { x, y };
}
