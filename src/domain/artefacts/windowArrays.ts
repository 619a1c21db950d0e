import type { WindowBlock, WindowDataset } from '../dataset/types';
import { copyScaled } from '../scaling';
import type { ScalerDocument, ScalerSide } from '../scaling';
import { denseArray } from './npz';
import type { NpyArray } from './npz';

/** About half a megabyte per chunk: large enough to stream fast, small enough not to hold up the event loop. */
const CELLS_PER_CHUNK = 65_536;

/**
 * The (window, step, column) array of one side of the data set, generated while it is written.
 *
 * @param windows indices of kept windows
 * @param scalers scales the columns; absent = original units
 */
export function windowArray(name: string, block: WindowBlock, windows: Int32Array, scalers: ScalerSide = {}): NpyArray {
  const cells = block.steps * block.columns.length;
  const perChunk = Math.max(1, Math.floor(CELLS_PER_CHUNK / cells));
  return {
    name,
    dtype: '<f8',
    shape: [windows.length, block.steps, block.columns.length],
    *chunks() {
      for (let from = 0; from < windows.length; from += perChunk) {
        const part = windows.subarray(from, from + perChunk);
        const values = new Float64Array(part.length * cells);
        copyScaled(block, scalers, part, values);
        yield values;
      }
    },
  };
}

/** Content of `training_arrays.npz`: unscaled inputs and outputs of all kept windows and their reference times. */
export function trainingArrays(dataset: WindowDataset): NpyArray[] {
  const all = Int32Array.from({ length: dataset.windowCount }, (_, window) => window);
  return [
    windowArray('i_array_3D', dataset.input, all),
    windowArray('o_array_3D', dataset.output, all),
    denseArray('utc_ref_log', dataset.refTimes, [dataset.windowCount], '<M8[us]'),
  ];
}

export interface TestForecast {
  /** indices of the test windows in sample order */
  windows: Int32Array;
  scalers: ScalerDocument;
  /** (window, step, output), scaled units */
  scaled: Float64Array;
  /** the same in original units */
  original: Float64Array;
}

/** Content of `test_data.npz` (pipeline.md 17). */
export function testArrays(dataset: WindowDataset, { windows, scalers, scaled, original }: TestForecast): NpyArray[] {
  const shape = [windows.length, dataset.output.steps, dataset.output.columns.length];
  const refTimes = Float64Array.from(windows, (window) => dataset.refTimes[window]!);
  return [
    windowArray('X', dataset.input, windows, scalers.input),
    windowArray('y', dataset.output, windows, scalers.output),
    windowArray('X_orig', dataset.input, windows),
    windowArray('y_orig', dataset.output, windows),
    denseArray('y_pred', scaled, shape),
    denseArray('y_fcst', original, shape),
    denseArray('utc_ref', refTimes, [windows.length], '<M8[us]'),
  ];
}
