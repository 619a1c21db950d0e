import type { WindowBlock, WindowDataset } from '../dataset/types';
import type { ScalerDocument } from '../scaling/types';
import type { RowBlock, RowSource } from './types';

/** Windows per block: a few hundred kilobytes for usual window sizes. */
const WINDOWS_PER_BLOCK = 256;

/**
 * The rows of single-step models: every (window, step) pair of the given windows, features and targets scaled (pipeline.md 13.6).
 *
 * @param windows indices of kept windows in sample order
 * @throws RangeError when inputs and outputs differ in steps
 */
export function windowRows(dataset: WindowDataset, windows: ArrayLike<number>, scalers: ScalerDocument): RowSource {
  const { input, output } = dataset;
  if (input.steps !== output.steps) throw new RangeError(`${input.steps} input steps cannot be paired with ${output.steps} output steps`);
  return {
    features: input.columns.map((column) => column.name),
    targets: output.columns.map((column) => column.name),
    *blocks(): Generator<RowBlock> {
      const size = Math.min(WINDOWS_PER_BLOCK, windows.length);
      const x = new Float64Array(size * input.steps * input.columns.length);
      const y = new Float64Array(size * output.steps * output.columns.length);
      for (let from = 0; from < windows.length; from += size) {
        const to = Math.min(from + size, windows.length);
        copyWindows(input, windows, scalers.input, x, from, to);
        copyWindows(output, windows, scalers.output, y, from, to);
        yield { rows: (to - from) * input.steps, x, y };
      }
    },
  };
}

/**
 * Writes windows[from … to − 1] of one side as (window, step, column) into `out`, from its start.
 *
 * @param scalers by column index as text; null or absent leaves a column unscaled
 */
export function copyWindows(
  block: WindowBlock,
  windows: ArrayLike<number>,
  scalers: ScalerDocument['input'],
  out: Float64Array | Float32Array,
  from = 0,
  to = windows.length,
): void {
  const width = block.columns.length;
  for (const [index, column] of block.columns.entries()) {
    const scaler = scalers[index];
    for (let at = from; at < to; at += 1) {
      const offset = (at - from) * block.steps * width + index;
      column.copyWindow(windows[at]!, out, offset, width, scaler?.scale ?? 1, scaler?.min ?? 0);
    }
  }
}
