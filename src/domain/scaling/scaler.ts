import type { WindowBlock, WindowDataset } from '../dataset/types';
import type { ScalerDocument, ScalerParameters } from './types';

/** A spread below this is rounding noise: the column counts as constant (10 ulp of 1, as in scikit-learn). */
const SMALLEST_RANGE = 10 * 2.220446049250313e-16;

/** Rows whose columns are brought back one after another while they stay in the processor's cache. */
const ROWS_AT_A_TIME = 256;

/** Scalers of one side, by column index. */
export type ScalerSide = Readonly<Record<string, ScalerParameters | null>>;

/**
 * Min-max scaler of one column (pipeline.md 10):
 *
 *     scale = (max_t − min_t)/(d_max − d_min)        shift = min_t − d_min·scale
 *
 * @param data    smallest and largest value of the column over the windows fitted on
 * @param target  target range (min_t, max_t)
 */
export function fitScaler(
  name: string,
  data: { min: number; max: number },
  target: { min: number; max: number },
  samples: number,
): ScalerParameters {
  const range = data.max - data.min;
  const scale = (target.max - target.min) / (range < SMALLEST_RANGE ? 1 : range);
  return {
    name,
    feature_range: [target.min, target.max],
    data_min: data.min,
    data_max: data.max,
    data_range: range,
    scale,
    min: target.min - data.min * scale,
    n_samples_seen: samples,
  };
}

/**
 * Fits one scaler per column on window values.
 *
 * @param windows  indices of the windows to fit on (the training part); null = all windows
 */
export function fitScalers(dataset: WindowDataset, windows: ArrayLike<number> | null): ScalerDocument {
  const count = windows === null ? dataset.windowCount : windows.length;
  const side = (block: WindowBlock) =>
    Object.fromEntries(
      block.columns.map((column, index) => {
        if (!column.scale) return [String(index), null];
        const range = windows === null ? column.range() : column.range(windows);
        return [String(index), fitScaler(column.name, range, { min: column.scaleMin, max: column.scaleMax }, count * block.steps)];
      }),
    );
  return { input: side(dataset.input), output: side(dataset.output) };
}

/** x·scale + shift; unchanged without a scaler. */
export function scaleValue(scaler: ScalerParameters | null | undefined, x: number): number {
  return scaler ? x * scaler.scale + scaler.min : x;
}

/** (x − shift)/scale; unchanged without a scaler. */
export function unscaleValue(scaler: ScalerParameters | null | undefined, x: number): number {
  return scaler ? (x - scaler.min) / scaler.scale : x;
}

/**
 * Copies scaled windows as one row-major array (window, step, column).
 *
 * @param windows  indices of the windows, in the order wanted
 * @param out      at least windows·steps·columns values
 * @param offset   first index written
 */
export function copyScaled(
  block: WindowBlock,
  scalers: ScalerSide,
  windows: ArrayLike<number>,
  out: Float32Array | Float64Array,
  offset = 0,
): void {
  const width = block.columns.length;
  const windowSize = block.steps * width;
  const scales = block.columns.map((_, j) => scalers[j]?.scale ?? 1);
  const shifts = block.columns.map((_, j) => scalers[j]?.min ?? 0);
  // window by window: the cells of one window stay in the processor's cache while its columns are interleaved
  for (let i = 0; i < windows.length; i++) {
    const start = offset + i * windowSize;
    for (let j = 0; j < width; j++) block.columns[j]!.copyWindow(windows[i]!, out, start + j, width, scales[j], shifts[j]);
  }
}

/** Copies windows in original units, layout as {@link copyScaled}. */
export function copyOriginal(block: WindowBlock, windows: ArrayLike<number>, out: Float32Array | Float64Array, offset = 0): void {
  copyScaled(block, {}, windows, out, offset);
}

/**
 * Brings a forecast back to original units.
 *
 * @param scaled  row-major array whose last axis runs over `columns` columns
 * @returns float64 array of the same length
 */
export function inverseScaled(scaled: ArrayLike<number>, columns: number, scalers: ScalerSide): Float64Array {
  const out = new Float64Array(scaled);
  const block = columns * ROWS_AT_A_TIME;
  for (let from = 0; from < out.length; from += block) {
    const end = Math.min(out.length, from + block);
    for (let j = 0; j < columns; j++) {
      const scaler = scalers[j];
      if (!scaler) continue;
      const { min: shift, scale } = scaler;
      for (let i = from + j; i < end; i += columns) out[i] = (out[i]! - shift) / scale;
    }
  }
  return out;
}
