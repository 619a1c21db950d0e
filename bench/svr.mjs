// ε-SVR (rbf, C 1, ε 0.1, tolerance 1e-3 on both sides) against scikit-learn on rows of real windows: measured load and temperature with the time of
// day, at every step, to the transformer's temperature. Two kinds of rows: all distinct, and those of overlapping windows, as trainings have them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { runNode } from './lib/runNode.mjs';
import { comparison, median } from './lib/measure.mjs';
import { runPeer } from './lib/peer.mjs';

const require = createRequire(import.meta.url);
const { buildDataset } = require('../dist/domain/dataset');
const { windowRows } = require('../dist/domain/models');
const { fitScalers } = require('../dist/domain/scaling');
const { parseCsv } = require('../dist/domain/series');
const { parseDatasetSettings } = require('../dist/domain/settings');

const SIZES = [1_000, 5_000, 20_000];
const RUNS = 3;
const FOLDER = path.resolve(import.meta.dirname, '../examples/etth1');
/** Set where the test machine has an old OpenBLAS in mind; they slow the one numpy brings. */
const NO_OPENBLAS_HINTS = { OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined };

export async function run(print) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    for (const kind of ['distinct rows', 'rows of overlapping windows']) {
      for (const rows of SIZES) {
        const file = path.join(folder, 'rows.json');
        writeFileSync(file, JSON.stringify(kind === 'distinct rows' ? distinctRows(rows) : overlappingRows(rows)));
        const [ours, peer] = [[], []];
        for (let turn = 0; turn < RUNS; turn += 1) {
          ours.push(await runNode('fitSvr', [file]));
          peer.push(await runPeer({ program: 'svr', args: [file], env: NO_OPENBLAS_HINTS }));
        }
        const secondsOf = (runs) => median(runs.map(({ seconds }) => seconds).sort((a, b) => a - b));
        print(
          comparison({
            measure: `svr ${rows} ${kind}`,
            unit: 'CPU s',
            ours: secondsOf(ours),
            peer: secondsOf(peer),
            peak_rss_mb: Math.max(...ours.map(({ peakRssMb }) => peakRssMb)),
            peer_peak_rss_mb: Math.max(...peer.map(({ peakRssMb }) => peakRssMb)),
            runs: RUNS,
            support_rows: [ours[0].support, peer[0].support],
            largest_difference: largestDifference(ours[0].forecast, peer[0].forecast),
          }),
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Half-hourly instants, so that 20 000 of them are there: every window starts where the one before it ended. */
const distinctRows = (rows) => rowsOf({ rows, stepMin: 30, advance: 25 });

/** Hourly windows of 25 steps, each an hour after the one before: every instant comes up to 25 times. */
const overlappingRows = (rows) => rowsOf({ rows, stepMin: 60, advance: 1 });

function rowsOf({ rows, stepMin, advance }) {
  const steps = 25;
  const hours = ((steps - 1) * stepMin) / 60;
  const series = (file, type) => ({ file, type, bezeichnung: `${file}_${type}`, zeithorizontStart: 0, zeithorizontEnd: hours });
  const files = [series('HUFL', 'input'), series('MUFL', 'input'), series('OT', 'output')];
  const day = { detaillierteBerechnung: false, datenform: 'Zeithorizont', zeithorizontStart: 0, zeithorizontEnd: hours };
  const { settings } = parseDatasetSettings({
    files,
    zeitschritte: { eingabe: steps, ausgabe: steps, zeitschrittweite: stepMin * advance, offset: 0 },
    timeInfo: { jahr: true, tag: true, zeitzone: 'UTC', category_data: { jahr: day, tag: day } },
  });
  const dataset = buildDataset(
    files.map(({ file, type, bezeichnung }) => {
      const { csv } = parseCsv(readFileSync(path.join(FOLDER, `${file}.csv`)), { fileName: file, label: bezeichnung });
      return { label: bezeichnung, role: type, ...csv };
    }),
    settings,
  );
  const windows = Int32Array.from({ length: Math.ceil(rows / steps) }, (_, w) => w);
  if (windows.length > dataset.windowCount) throw new Error(`${dataset.windowCount} windows are too few for ${rows} rows`);
  const x = [];
  const y = [];
  const source = windowRows(dataset, windows, fitScalers(dataset, windows));
  const p = source.features.length;
  for (const block of source.blocks())
    for (let row = 0; row < block.rows && y.length < rows; row += 1) {
      x.push([...block.x.subarray(row * p, (row + 1) * p)]);
      y.push(block.y[row]);
    }
  return { x, y };
}

const largestDifference = (a, b) => Number(Math.max(...a.map((value, i) => Math.abs(value - b[i]))).toPrecision(2));
