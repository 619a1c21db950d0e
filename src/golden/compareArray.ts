import type { WindowBlock } from '../domain/dataset';
import type { Checks } from './checks';
import { shownName } from './names';
import { flatten } from './nested';
import { ofSize, TOLERANCE } from './tolerances';
import type { Tolerance } from './tolerances';
import type { ArraySummary } from './types';

/** Rows are weighted 1 … 97 in turn, so that a wrong order shows in the sum. */
const WEIGHT_CYCLE = 97;

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
  const sums = block.columns.map((_, column) => columnSums(cells, width, column));
  for (const [column, wanted] of (expected.per_column ?? []).entries()) {
    const got = sums[column];
    if (wanted && got) compareSums(checks, `${name}.per_column[${column}]`, got, wanted);
    else if (wanted) checks.fail(`${name}.per_column[${column}]`, 'there is no such column');
  }
  const tolerances = block.columns.map(({ kind }, column): Tolerance =>
    kind === 'time' ? TOLERANCE.timeColumn : ofSize(TOLERANCE.value, sums[column]!.size),
  );
  for (const { index, values } of expected.samples ?? []) {
    const window = cells.subarray(index * windowSize, (index + 1) * windowSize);
    const wanted = flatten(values);
    checks.same(`${name}.samples index`, Number.isInteger(index), true);
    checks.same(`${name}.samples[${index}] size`, window.length, wanted.length);
    for (const [i, value] of wanted.entries()) {
      checks.close(`${name}.samples[${index}][${Math.floor(i / width)}][${i % width}]`, window[i], value, tolerances[i % width]!);
    }
  }
}

interface ColumnSums {
  /** largest absolute value of the column */
  size: number;
  values: Record<string, number>;
  /** what the terms of each sum add up to without their signs */
  sizes: Record<string, number>;
}

function columnSums(cells: Float64Array, width: number, column: number): ColumnSums {
  let [sum, squares, weighted, total, weightedTotal] = [0, 0, 0, 0, 0];
  let [min, max] = [Infinity, -Infinity];
  for (let row = 0, cell = column; cell < cells.length; row += 1, cell += width) {
    const value = cells[cell]!;
    const weight = 1 + (row % WEIGHT_CYCLE);
    sum += value;
    squares += value * value;
    weighted += value * weight;
    total += Math.abs(value);
    weightedTotal += Math.abs(value) * weight;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const size = Math.max(Math.abs(min), Math.abs(max));
  return {
    size,
    values: { sum, sum_sq: squares, weighted_sum: weighted, min, max },
    sizes: { sum: total, sum_sq: squares, weighted_sum: weightedTotal, min: size, max: size },
  };
}

function compareSums(checks: Checks, name: string, { values, sizes }: ColumnSums, expected: Record<string, number>): void {
  for (const [key, value] of Object.entries(expected)) {
    // a sum that cancels is compared with the size of what was added
    checks.close(`${name}.${key}`, values[key], value, ofSize(TOLERANCE.value, sizes[key] ?? 0));
  }
}
