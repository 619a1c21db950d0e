// Windows of hourly series, 24 points back and 24 ahead, against the same arrays made by numpy. A window is one reference time with all its columns:
// 24 × 4 input and 24 × 1 output values (24 × 13 with time columns). Limits: a twentieth of the peer's time, 1.6 million windows a second.
import path from 'node:path';
import { round } from './lib/measure.mjs';
import { compareSides } from './lib/sides.mjs';

const EXAMPLES = path.resolve(import.meta.dirname, '../examples/etth1');
const FILES = ['HUFL', 'MUFL', 'OT'].map((name) => path.join(EXAMPLES, `${name}.csv`));
const RUNS = 10;
const LIMIT = 0.05;

export async function run(print) {
  for (const time of [false, true]) {
    for (const arrays of [false, true]) {
      const measure = `windows${time ? ' with nine time columns' : ''}, ${arrays ? 'full arrays' : 'compact'}`;
      const perSecond = (line) => print({ ...line, windows_per_s: round(line.windows / line.ours_cpu) });
      const args = { files: FILES, time, arrays, runs: RUNS };
      await compareSides(perSecond, { measure, program: 'windows', args, ...(arrays ? {} : { limit: LIMIT }) });
    }
  }
}
