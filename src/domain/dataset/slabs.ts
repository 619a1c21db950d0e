import { stepsOf } from '../settings/windowStep';
import { StridedColumn } from './column';
import { positionsOf } from './storage';
import type { DatasetManifest, ManifestColumn } from './storage';
import type { WindowBlock } from './types';

/** Reads consecutive numbers of columns.bin; `first` and `count` are in float64 values. */
export type NumberReader = (first: number, count: number) => Promise<Float64Array>;

/** Some consecutive kept windows of one side: window 0 of the block is the first of them. */
export interface Slab {
  block: WindowBlock;
  windowCount: number;
}

/** 32 MiB: any usual compact dataset in one piece, and few readings of a materialised one of gigabytes. */
const NUMBERS_PER_SLAB = 1 << 22;

/** The reference times of a stored dataset. */
export const readRefTimes = (manifest: DatasetManifest, read: NumberReader): Promise<Float64Array> => read(0, manifest.windowCount);

/**
 * A stored dataset window by window without ever holding more of its columns than a slab, whatever their storage: windows follow each other
 * in columns.bin, shared (a view of a resampled series) or not (materialised).
 *
 * @param refTimes of all kept windows, as {@link readRefTimes} gives them
 * @param most numbers held at a time; a single window may exceed it
 */
export async function* windowSlabs(
  manifest: DatasetManifest,
  side: 'input' | 'output',
  refTimes: Float64Array,
  read: NumberReader,
  most = NUMBERS_PER_SLAB,
): AsyncGenerator<Slab, void> {
  const { windowCount, settings, referenceStepUs } = manifest;
  const steps = stepsOf(side, settings.steps);
  const columns = manifest.columns.filter((column) => column.side === side);
  const positions = referenceStepUs === null ? null : positionsOf(refTimes, referenceStepUs);
  const positionOf = (column: ManifestColumn, window: number) =>
    column.countedBy === 'reference' && positions ? positions[window]! : window;
  /** numbers a column needs for the windows from … to − 1 */
  const span = (column: ManifestColumn, from: number, to: number) =>
    (positionOf(column, to - 1) - positionOf(column, from)) * column.windowStride + (steps - 1) * column.stepStride + 1;
  const size = (from: number, to: number) => columns.reduce((sum, column) => sum + span(column, from, to), 0);

  for (let from = 0, to; from < windowCount; from = to) {
    to = lastThatFits(from + 1, windowCount, (end) => size(from, end) <= most);
    const parts = columns.map(async (column) => {
      const data = await read(column.offset + positionOf(column, from) * column.windowStride, span(column, from, to));
      const own = column.countedBy === 'reference' ? positions?.subarray(from, to).map((position) => position - positions[from]!) : null;
      const { windowStride, stepStride } = column;
      return new StridedColumn({ ...column, steps }, { data, windowStride, stepStride, positions: own ?? null }, to - from);
    });
    yield { block: { steps, columns: await Promise.all(parts) }, windowCount: to - from };
  }
}

/** Largest number in least … most that fits, by bisection; `least` even if it does not. */
function lastThatFits(least: number, most: number, fits: (number: number) => boolean): number {
  let [low, high] = [least, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
