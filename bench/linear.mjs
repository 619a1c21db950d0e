// Least squares against scikit-learn's LinearRegression, which solves by singular values on all rows at once. Limit: the peer's time.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeLinearRows } from './lib/linearRows.mjs';
import { compareSides } from './lib/sides.mjs';

const FEATURES = 9;
const TARGETS = 2;
const LIMIT = 1;
const SIZES = [
  { rows: 1_000, runs: 50 },
  { rows: 5_000, runs: 30 },
  { rows: 20_000, runs: 20 },
  { rows: 1_000_000, runs: 3 },
];

export async function run(print) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    const file = path.join(folder, 'rows.f64');
    for (const { rows, runs } of SIZES) {
      writeLinearRows(file, rows, FEATURES, TARGETS);
      const args = { file, rows, features: FEATURES, targets: TARGETS, runs };
      await compareSides(print, {
        measure: `linear, ${rows} rows`,
        program: 'linear',
        args,
        limit: LIMIT,
        features: FEATURES,
        targets: TARGETS,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
