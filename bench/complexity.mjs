// The limits of pipeline.md 20 for single steps: 8 760 hourly references, 97 points a day back and ahead. Processor time, best of several processes.
import { round } from './lib/measure.mjs';
import { runOurs } from './lib/sides.mjs';

const PROCESSES = 3;
const WINDOW_NS = 60_000;
const TIME_CELL_NS = 1_000;
const SCALED_CELL_NS = 10;
const STEPS = [
  ['window of 2 × 97 points, linear', 'compact', WINDOW_NS],
  ['window of 2 × 97 points, cell mean', 'mean', WINDOW_NS],
  ['window of 2 × 97 points, nearest', 'nearest', WINDOW_NS],
  ['window of 2 × 97 points, linear, full windows', 'materialised', WINDOW_NS],
  ['window of 2 × 92 points, linear, instants without a grid', 'odd', WINDOW_NS],
  ['time feature, UTC', 'utc', TIME_CELL_NS],
  ['time feature, local time', 'local', TIME_CELL_NS],
  ['scaled cell', 'scale', SCALED_CELL_NS],
  ['cell scaled back', 'inverse', SCALED_CELL_NS],
  ['fit of the scalers, per cell', 'fit', SCALED_CELL_NS],
];

export async function run(print) {
  const runs = [];
  for (let k = 0; k < PROCESSES; k += 1) runs.push(await runOurs('complexity', {}));
  for (const [measure, name, limit] of STEPS) {
    const ours = Math.min(...runs.map((one) => one[name]));
    print({ measure, unit: 'ns', ours: round(ours), limit, within_limit: ours <= limit, runs: PROCESSES });
  }
}
