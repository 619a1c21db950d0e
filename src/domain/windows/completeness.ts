import type { Filler } from './fill';
import { sharedGrid } from './grid';
import type { SharedGrid } from './grid';
import { referenceTime } from './references';
import type { ReferenceTimes } from './references';
import type { ColumnSource } from './rules';
import { windowOffsets } from './shape';

/** Cells of the test grid at most (4 bytes each, 8 more for the values kept); above that windows are tested one by one. */
const LARGEST_TEST_GRID = 1e8;
/** Grids up to this size keep their values for the dataset, 64 MB each; larger ones are calculated block by block, and once more later. */
const LARGEST_KEPT_GRID = 8e6;
/** Values that stay in the processor's cache between being made and being looked at. */
const CELLS_AT_A_TIME = 4096;

/** The values of a column on a grid; NaN = undetermined. */
export interface GridValues {
  origin: number;
  values: Float64Array;
}

/**
 * Drops the candidates whose window in this column is not fully determined.
 *
 * @param candidates  ascending candidate numbers whose window lies within the column's range; the survivors are moved to its front
 * @param count       how many of them count
 * @returns how many survived, and the values looked at if they are worth keeping
 */
export function keepComplete(
  source: ColumnSource,
  references: ReferenceTimes,
  candidates: Int32Array,
  count: number,
): { kept: number; tested: GridValues | null } {
  if (count === 0) return { kept: 0, tested: null };
  const { complete, tested } = completeness(source, references, candidates, count);
  if (!complete) return { kept: count, tested };
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const candidate = candidates[i]!;
    if (complete(candidate)) candidates[kept++] = candidate;
  }
  return { kept, tested };
}

/** `complete` null: every candidate is. */
interface Completeness {
  complete: ((candidate: number) => boolean) | null;
  tested: GridValues | null;
}

function completeness(source: ColumnSource, references: ReferenceTimes, candidates: Int32Array, count: number): Completeness {
  if (source.kind === 'repeated') {
    const complete = (candidate: number) => Number.isFinite(source.at(referenceTime(references, candidate)));
    return { complete, tested: null };
  }
  const { shape } = source;
  const [first, last] = [candidates[0]!, candidates[count - 1]!];
  const grid = sharedGrid(references, shape, first, last, Math.min(count * shape.steps, LARGEST_TEST_GRID));
  if (!grid) return { complete: windowTest(source, references), tested: null };
  const tested = grid.length <= LARGEST_KEPT_GRID ? { origin: grid.origin, values: new Float64Array(grid.length) } : null;
  const missing = missingCells(source.fill, grid, tested?.values ?? new Float64Array(CELLS_AT_A_TIME));
  if (!missing) return { complete: null, tested };
  const reach = (shape.steps - 1) * grid.stepStride;
  const complete = (candidate: number) => {
    const start = (candidate - first) * grid.windowStride;
    return missing[start + reach]! === (start >= grid.stepStride ? missing[start - grid.stepStride]! : 0);
  };
  return { complete, tested };
}

/**
 * Undetermined cells among i, i − stepStride, i − 2·stepStride, … for every cell i: two look-ups tell whether a window has any.
 * null when there are none at all, as in most series.
 *
 * @param block  filled with the values, as many cells at a time as it holds
 */
function missingCells(fill: Filler, { origin, cell, stepStride, length }: SharedGrid, block: Float64Array): Int32Array | null {
  let missing: Int32Array | null = null;
  for (let from = 0; from < length; from += block.length) {
    const values = block.subarray(0, length - from);
    fill(values, origin + from * cell, cell, cell * stepStride);
    let k = 0;
    if (!missing) while (k < values.length && Number.isFinite(values[k]!)) k++;
    if (k === values.length) continue;
    missing ??= new Int32Array(length);
    for (let i = from + k; k < values.length; k++, i++)
      missing[i] = (i >= stepStride ? missing[i - stepStride]! : 0) + (Number.isFinite(values[k]!) ? 0 : 1);
  }
  return missing;
}

function windowTest(source: ColumnSource & { kind: 'points' }, references: ReferenceTimes): (candidate: number) => boolean {
  const offsets = windowOffsets(source.shape);
  const cells = leftEnds(offsets);
  return (candidate) => {
    const ref = referenceTime(references, candidate);
    for (let k = 0; k < offsets.length; k++) if (!Number.isFinite(source.at(ref + offsets[k]!, ref + cells[k]!))) return false;
    return true;
  };
}

/** Left ends of the averaging cells (rule C): the point before, and one step before the first point. */
export function leftEnds(offsets: Float64Array): Float64Array {
  const ends = new Float64Array(offsets.length);
  for (let k = 1; k < offsets.length; k++) ends[k] = offsets[k - 1]!;
  ends[0] = offsets[0]! - ((offsets[1] ?? offsets[0]!) - offsets[0]!);
  return ends;
}
