// Evaluation tables of a large test set: 10 000 windows × 96 steps × 2 outputs. Limit: 1 s.
import { createRequire } from 'node:module';
import { round, sampled } from './lib/measure.mjs';

const { evaluationTables } = createRequire(import.meta.url)('../dist/domain/evaluation');

const WINDOWS = 10_000;
const STEPS = 96;
const OUTPUTS = [
  { label: 'A', stepMin: 15 },
  { label: 'B', stepMin: 15 },
];
const RUNS = 5;
const LIMIT_S = 1;

export function run(print) {
  const values = (of) => Float64Array.from({ length: WINDOWS * STEPS * OUTPUTS.length }, (_, cell) => of(cell));
  const part = { windows: WINDOWS, steps: STEPS, outputs: OUTPUTS, truth: values(Math.sin), forecast: values(Math.cos) };
  const { first, seconds, cpu } = sampled(() => evaluationTables(part), { runs: RUNS, warmUp: 1 });
  print({
    measure: 'evaluation',
    unit: 's',
    ours: round(seconds[0]),
    ours_cpu: round(cpu[0]),
    ours_first: round(first),
    limit: LIMIT_S,
    ratio: round(seconds[0] / LIMIT_S),
    windows: WINDOWS,
    steps: STEPS,
    outputs: OUTPUTS.length,
    runs: RUNS,
  });
}
