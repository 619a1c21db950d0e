import type { WindowDataset } from '../dataset/types';
import { copyScaled } from '../scaling';
import type { ScalerDocument } from '../scaling';
import type { RowBlock, RowSource } from './types';

/** Windows per block: a few hundred kilobytes for usual window sizes. */
const WINDOWS_PER_BLOCK = 256;

/**
 * The rows of single-step models: every (window, step) pair of the given windows, features and targets scaled (pipeline.md 13.6).
 *
 * @param windows indices of kept windows in sample order
 * @throws RangeError when inputs and outputs differ in steps
 */
export function windowRows(dataset: WindowDataset, windows: Int32Array, scalers: ScalerDocument): RowSource {
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
        const part = windows.subarray(from, from + size);
        copyScaled(input, scalers.input, part, x);
        copyScaled(output, scalers.output, part, y);
        yield { rows: part.length * input.steps, x, y };
      }
    },
  };
}
