// A session of real size (pipeline.md 22.1) from its files to the dataset with scalers, in a fresh process, once, twice and four times as long.
// Limits: 1 s and 300 MB for the session itself; time per row the same for all.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { csvOf } from './lib/csvText.mjs';
import { round } from './lib/measure.mjs';
import { realSession } from './lib/realSession.mjs';
import { runOurs } from './lib/sides.mjs';

const FACTORS = [1, 2, 4];
const RUNS = 5;
const LIMIT_S = 1;
const LIMIT_MB = 300;
const SPLIT = { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' };

export async function run(print) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  try {
    const single = [];
    for (const factor of FACTORS) {
      const { series, settings } = realSession(factor);
      const files = series.map(({ times, values }, i) => {
        const file = path.join(folder, `${i}.csv`);
        writeFileSync(file, csvOf(times, values));
        return file;
      });
      const runs = [];
      for (let k = 0; k < RUNS; k += 1) runs.push(await runOurs('session', { files, settings, split: SPLIT }));
      const least = (name) => Math.min(...runs.map((one) => one[name]));
      if (factor === 1) single.push(least('cpu'));
      print({
        measure: `session, ${factor}×`,
        unit: 's',
        ours: round(least('seconds')),
        ours_cpu: round(least('cpu')),
        parse: round(least('parse')),
        build: round(least('build')),
        cpu_per_row_against_1x: round(least('cpu') / factor / single[0]),
        peak_rss_mb: Math.max(...runs.map(({ peakRssMb }) => peakRssMb)),
        ...(factor === 1 ? { limit: LIMIT_S, limit_rss_mb: LIMIT_MB } : {}),
        rows: series.reduce((sum, { times }) => sum + times.length, 0),
        windows: runs[0].windows,
        cells_held: runs[0].cells,
        runs: RUNS,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
