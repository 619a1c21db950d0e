import { sharedGrid } from './grid';
import { referenceTime } from './references';
import type { ReferenceTimes } from './references';
import type { ColumnSource } from './rules';
import { windowOffsets } from './shape';

/** Cells of the test grid at most (4 bytes each); above that windows are tested one by one. */
const LARGEST_TEST_GRID = 1e8;

/**
 * Drops the candidates whose window in this column is not fully determined.
 *
 * @param candidates  ascending candidate numbers whose window lies within the column's range; the survivors are moved to its front
 * @param count       how many of them count
 * @returns how many survived
 */
export function keepComplete(source: ColumnSource, references: ReferenceTimes, candidates: Int32Array, count: number): number {
  if (count === 0) return 0;
  const complete = completeness(source, references, candidates, count);
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const candidate = candidates[i]!;
    if (complete(candidate)) candidates[kept++] = candidate;
  }
  return kept;
}

function completeness(
  source: ColumnSource,
  references: ReferenceTimes,
  candidates: Int32Array,
  count: number,
): (candidate: number) => boolean {
  if (source.kind === 'repeated') return (candidate) => Number.isFinite(source.at(referenceTime(references, candidate)));
  const { shape, at } = source;
  const [first, last] = [candidates[0]!, candidates[count - 1]!];
  const grid = sharedGrid(references, shape, first, last, Math.min(count * shape.steps, LARGEST_TEST_GRID));
  if (!grid) return windowTest(source, references);

  // missing[i] = undetermined cells among i, i − stepStride, i − 2·stepStride, …: two look-ups tell whether a window has any
  const missing = new Int32Array(grid.length);
  const left = grid.cell * grid.stepStride;
  for (let i = 0; i < grid.length; i++) {
    const u = grid.origin + i * grid.cell;
    missing[i] = (i >= grid.stepStride ? missing[i - grid.stepStride]! : 0) + (Number.isFinite(at(u, u - left)) ? 0 : 1);
  }
  const reach = (shape.steps - 1) * grid.stepStride;
  return (candidate) => {
    const start = (candidate - first) * grid.windowStride;
    return missing[start + reach]! === (start >= grid.stepStride ? missing[start - grid.stepStride]! : 0);
  };
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
