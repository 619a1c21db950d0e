// Evaluation tables of a large test set: 10 000 windows × 96 steps × 2 outputs. Limit: 1 s.
import { createRequire } from 'node:module';

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
  const seconds = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    evaluationTables(part);
    return (performance.now() - start) / 1000;
  }).sort((a, b) => a - b);
  const ours = Number(seconds[Math.floor(RUNS / 2)].toFixed(4));
  print({
    measure: 'evaluation',
    unit: 's',
    ours,
    limit: LIMIT_S,
    ratio: ours / LIMIT_S,
    windows: WINDOWS,
    steps: STEPS,
    outputs: OUTPUTS.length,
    runs: RUNS,
  });
}
