import type { WindowBlock } from '../domain/dataset';
import type { Checks } from './checks';
import { shownName } from './names';
import { flatten } from './nested';
import { TOLERANCE } from './tolerances';
import type { Tolerance } from './tolerances';
import type { ArraySummary } from './types';

/** Rows are weighted 1 … 97 in turn, so that a wrong order shows in the sum. */
const WEIGHT_CYCLE = 97;
/** A sum that cancels is compared with the size of what was added. */
const SUM_FLOOR = 1e-6;

/** Shape, columns, sums and samples of one (window, step, column) array. */
export function compareArray(checks: Checks, name: string, block: WindowBlock, cells: Float64Array, expected: ArraySummary): void {
  const width = block.columns.length;
  const windowSize = block.steps * width;
  if (expected.shape) checks.sameList(`${name}.shape`, [cells.length / windowSize, block.steps, width], expected.shape);
  const { columns } = expected;
  if (columns) {
    checks.sameList(
      `${name}.columns`,
      block.columns.map((column) => shownName(column.name)),
      columns,
    );
  }
  for (const [column, sums] of (expected.per_column ?? []).entries()) {
    if (sums && column < width) compareSums(checks, `${name}.per_column[${column}]`, columnSums(cells, width, column), sums);
    else if (sums) checks.fail(`${name}.per_column[${column}]`, 'there is no such column');
  }
  for (const { index, values } of expected.samples ?? []) {
    const window = cells.subarray(index * windowSize, (index + 1) * windowSize);
    const wanted = flatten(values);
    checks.same(`${name}.samples[${index}] size`, window.length, wanted.length);
    for (const [i, value] of wanted.entries()) {
      const tolerance: Tolerance = block.columns[i % width]?.kind === 'time' ? TOLERANCE.timeColumn : TOLERANCE.value;
      checks.close(`${name}.samples[${index}][${Math.floor(i / width)}][${i % width}]`, window[i], value, tolerance);
    }
  }
}

interface ColumnSums {
  values: Record<string, number>;
  /** what the terms of each sum add up to without their signs */
  sizes: Record<string, number>;
}

function columnSums(cells: Float64Array, width: number, column: number): ColumnSums {
  let [sum, squares, weighted, size, weightedSize] = [0, 0, 0, 0, 0];
  let [min, max] = [Infinity, -Infinity];
  for (let row = 0, cell = column; cell < cells.length; row += 1, cell += width) {
    const value = cells[cell]!;
    const weight = 1 + (row % WEIGHT_CYCLE);
    sum += value;
    squares += value * value;
    weighted += value * weight;
    size += Math.abs(value);
    weightedSize += Math.abs(value) * weight;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return {
    values: { sum, sum_sq: squares, weighted_sum: weighted, min, max },
    sizes: { sum: size, sum_sq: squares, weighted_sum: weightedSize },
  };
}

function compareSums(checks: Checks, name: string, { values, sizes }: ColumnSums, expected: Record<string, number>): void {
  for (const [key, value] of Object.entries(expected)) {
    const floor = SUM_FLOOR * (sizes[key] || 1); // a column of zeros has no size
    checks.close(`${name}.${key}`, values[key], value, { relative: TOLERANCE.value.relative, floor });
  }
}
