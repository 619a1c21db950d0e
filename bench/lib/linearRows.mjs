// Rows both sides of bench/linear.mjs read from one raw file: first X, then y, float64, row-major.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { Random } = createRequire(import.meta.url)('../../dist/domain/random');

/** Targets are sums of the features with some noise. */
export function writeLinearRows(file, rows, features, targets) {
  const random = Random.stream(42, 1);
  const cells = new Float64Array(rows * (features + targets));
  for (let row = 0; row < rows; row += 1) {
    for (let j = 0; j < features; j += 1) cells[row * features + j] = random.uniform();
    for (let t = 0; t < targets; t += 1) {
      let sum = 1 + t + 0.1 * random.uniform();
      for (let j = 0; j < features; j += 1) sum += cells[row * features + j] * ((j * (t + 2)) % 5);
      cells[rows * features + row * targets + t] = sum;
    }
  }
  writeFileSync(file, new Uint8Array(cells.buffer));
}

export function linearRows(file, rows, features, targets) {
  const cells = new Float64Array(new Uint8Array(readFileSync(file)).buffer, 0, rows * (features + targets));
  return { x: cells.subarray(0, rows * features), y: cells.subarray(rows * features) };
}
