import { readRefTimes, windowSlabs } from '../dataset';
import type { DatasetManifest, NumberReader } from '../dataset';
import type { WindowBlock, WindowDataset } from '../dataset/types';
import { indices } from '../indices';
import { copyScaled } from '../scaling';
import type { ScalerDocument, ScalerSide } from '../scaling';
import { denseArray, npzSize, npzStream, pieces } from './npz';
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
  const shape = [windows.length, block.steps, block.columns.length];
  return { name, dtype: '<f8', shape, chunks: () => windowChunks(block, windows, scalers) };
}

function* windowChunks(block: WindowBlock, windows: Int32Array, scalers: ScalerSide): Generator<Float64Array> {
  const cells = block.steps * block.columns.length;
  const perChunk = Math.max(1, Math.floor(CELLS_PER_CHUNK / cells));
  for (let from = 0; from < windows.length; from += perChunk) {
    const part = windows.subarray(from, from + perChunk);
    const values = new Float64Array(part.length * cells);
    copyScaled(block, scalers, part, values);
    yield values;
  }
}

/** Windows, steps and columns of a dataset: what the size of its arrays follows from. */
export interface ArrayShapes {
  windowCount: number;
  input: { steps: number; columns: number };
  output: { steps: number; columns: number };
}

/** Bytes of `training_arrays.npz`, known without reading anything. */
export const trainingArraysSize = (shapes: ArrayShapes): number => npzSize(described(shapes));

/**
 * `training_arrays.npz` of a stored dataset: unscaled inputs and outputs of all kept windows and their reference times, as a stream of chunks
 * in constant memory, whether the columns are compact or materialised.
 *
 * @param read numbers of columns.bin
 */
export async function* trainingArraysStream(manifest: DatasetManifest, read: NumberReader): AsyncGenerator<Uint8Array, void> {
  const refTimes = await readRefTimes(manifest, read);
  const { windowCount, settings, columns } = manifest;
  const shapeOf = (side: 'input' | 'output') => ({
    steps: side === 'input' ? settings.steps.inputSteps : settings.steps.outputSteps,
    columns: columns.filter((column) => column.side === side).length,
  });
  async function* windows(side: 'input' | 'output'): AsyncGenerator<Float64Array> {
    for await (const slab of windowSlabs(manifest, side, refTimes, read)) yield* windowChunks(slab.block, indices(slab.windowCount), {});
  }
  const content = [() => windows('input'), () => windows('output'), () => pieces(refTimes)];
  const arrays = described({ windowCount, input: shapeOf('input'), output: shapeOf('output') });
  yield* npzStream(arrays.map((array, i) => ({ ...array, chunks: content[i]! })));
}

const described = ({ windowCount, input, output }: ArrayShapes): Pick<NpyArray, 'name' | 'dtype' | 'shape'>[] => [
  { name: 'i_array_3D', dtype: '<f8', shape: [windowCount, input.steps, input.columns] },
  { name: 'o_array_3D', dtype: '<f8', shape: [windowCount, output.steps, output.columns] },
  { name: 'utc_ref_log', dtype: '<M8[us]', shape: [windowCount] },
];

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
