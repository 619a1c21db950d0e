// A CSV file of a million rows to a series and its statistics, against pandas. Limits: a tenth of the peer's time, 1 s per million rows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { csvOf } from './lib/csvText.mjs';
import { compareSides } from './lib/sides.mjs';

const ROWS = 1_000_000;
const RUNS = 7;
const LIMIT = 0.1;
const STEP_US = 15 * 60e6;
const START = Date.UTC(2000, 0, 1) * 1000;

export async function run(print) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    const file = path.join(folder, 'series.csv');
    const times = Float64Array.from({ length: ROWS }, (_, i) => START + i * STEP_US);
    const values = times.map((_, i) => (i % 1000 === 999 ? NaN : 50 + 20 * Math.sin(i / 15.28) + ((i * 37) % 101) / 25));
    writeFileSync(file, csvOf(times, values));
    await compareSides(print, { measure: 'csv', program: 'csv_file', args: { file, runs: RUNS }, limit: LIMIT, rows: ROWS });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
