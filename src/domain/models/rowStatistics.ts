import type { RowSource } from './types';

export interface RowStatistics {
  rows: number;
  /** column means of X, then of y */
  means: Float64Array;
}

/** Number of rows and column means, by compensated (Neumaier) sums: a streamed column may have 10⁷ rows. */
export function rowStatistics(source: RowSource): RowStatistics {
  const p = source.features.length;
  const q = source.targets.length;
  const sums = new Float64Array(p + q);
  const corrections = new Float64Array(p + q);
  let rows = 0;
  for (const block of source.blocks()) {
    rows += block.rows;
    for (let row = 0; row < block.rows; row += 1) {
      for (let j = 0; j < p; j += 1) add(sums, corrections, j, block.x[row * p + j]!);
      for (let j = 0; j < q; j += 1) add(sums, corrections, p + j, block.y[row * q + j]!);
    }
  }
  return { rows, means: sums.map((sum, j) => (sum + corrections[j]!) / rows) };
}

function add(sums: Float64Array, corrections: Float64Array, j: number, value: number): void {
  const sum = sums[j]!;
  const next = sum + value;
  corrections[j]! += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
  sums[j] = next;
}
