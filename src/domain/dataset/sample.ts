import { leftEnds, referenceTime, sharedGrid, windowOffsets } from '../windows';
import type { ColumnSource, GridValues, ReferenceTimes, SharedGrid } from '../windows';
import type { ColumnLayout } from './column';

/** The windows that stayed. */
export interface KeptWindows {
  references: ReferenceTimes;
  /** candidate numbers, ascending, at least one */
  candidates: Int32Array;
  /** the same, counted from the first kept candidate */
  positions: Int32Array;
}

/** 'compact' is used wherever it is smaller; 'materialised' forces full windows, for comparison. */
export type Storage = 'compact' | 'materialised';

/** Number of values the layout of a column will hold. */
export function layoutLength(source: ColumnSource, kept: KeptWindows, storage: Storage): number {
  if (storage === 'materialised') return kept.candidates.length * source.shape.steps;
  if (source.kind === 'repeated') return kept.candidates.length;
  return gridOf(source, kept)?.length ?? kept.candidates.length * source.shape.steps;
}

/**
 * Values of all kept windows of a column in the smallest of the layouts.
 *
 * @param tested  values of the column on its grid as far as they are known already
 */
export function sampleColumn(source: ColumnSource, kept: KeptWindows, storage: Storage, tested: GridValues | null = null): ColumnLayout {
  const repeated = source.kind === 'repeated';
  if (storage === 'materialised') return repeated ? repeatFully(source, kept) : materialise(source, kept);
  if (repeated) return repeat(source, kept);
  return resample(source, kept, tested) ?? materialise(source, kept);
}

type Points = ColumnSource & { kind: 'points' };
type Repeated = ColumnSource & { kind: 'repeated' };

function gridOf(source: Points, { references, candidates }: KeptWindows) {
  const full = candidates.length * source.shape.steps;
  return sharedGrid(references, source.shape, candidates[0]!, candidates[candidates.length - 1]!, full);
}

function resample(source: Points, kept: KeptWindows, tested: GridValues | null): ColumnLayout | null {
  const grid = gridOf(source, kept);
  if (!grid) return null;
  const data = tested ? partOf(tested, grid) : new Float64Array(grid.length);
  if (!tested) source.fill(data, grid.origin, grid.cell, grid.cell * grid.stepStride);
  return { data, windowStride: grid.windowStride, stepStride: grid.stepStride, positions: kept.positions };
}

/** The grid of the kept windows lies within that of the tested ones, which began or ended with windows that another series refused. */
function partOf({ origin, values }: GridValues, grid: SharedGrid): Float64Array {
  const from = (grid.origin - origin) / grid.cell;
  const part = values.subarray(from, from + grid.length);
  return part.length * 2 < values.length ? part.slice() : part; // a small part must not hold on to the whole
}

function materialise(source: Points, { references, candidates }: KeptWindows): ColumnLayout {
  const offsets = windowOffsets(source.shape);
  const cells = leftEnds(offsets);
  const data = new Float64Array(candidates.length * offsets.length);
  let to = 0;
  for (let w = 0; w < candidates.length; w++) {
    const ref = referenceTime(references, candidates[w]!);
    for (let k = 0; k < offsets.length; k++) data[to++] = source.at(ref + offsets[k]!, ref + cells[k]!);
  }
  return { data, windowStride: offsets.length, stepStride: 1, positions: null };
}

function repeat(source: Repeated, { references, candidates }: KeptWindows): ColumnLayout {
  const data = new Float64Array(candidates.length);
  for (let w = 0; w < data.length; w++) data[w] = source.at(referenceTime(references, candidates[w]!));
  return { data, windowStride: 1, stepStride: 0, positions: null };
}

function repeatFully(source: Repeated, kept: KeptWindows): ColumnLayout {
  const { steps } = source.shape;
  const values = repeat(source, kept).data;
  const data = new Float64Array(values.length * steps);
  for (let w = 0; w < values.length; w++) data.fill(values[w]!, w * steps, (w + 1) * steps);
  return { data, windowStride: steps, stepStride: 1, positions: null };
}
