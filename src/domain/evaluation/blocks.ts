import type { ForecastArrays } from './types';

/** Highest averaging level of the tables (pipeline.md 14.2). */
export const MAX_LEVEL = 12;

/** Averaging levels that have at least one block: m = 1 … min(12, steps). */
export function averagingLevels(steps: number): number[] {
  return Array.from({ length: Math.min(MAX_LEVEL, steps) }, (_, index) => index + 1);
}

/** Block means of one output at one averaging level, row-major (window, block). */
export interface LevelBlocks {
  truth: Float64Array;
  forecast: Float64Array;
  windows: number;
  /** floor(steps / m) */
  blocks: number;
}

/**
 * Means over m neighbouring steps; leftover steps at the end of a window are dropped.
 *
 * The steps of a block are added directly: every step is touched once per level, as cheap as differences of prefix sums,
 * but a block of zeros stays exactly zero, on which MAPE and the undefined cells depend.
 */
export function levelBlocks(arrays: ForecastArrays, output: number, level: number): LevelBlocks {
  const blocks = Math.floor(arrays.steps / level);
  return {
    truth: blockMeans(arrays.truth, arrays, output, level, blocks),
    forecast: blockMeans(arrays.forecast, arrays, output, level, blocks),
    windows: arrays.windows,
    blocks,
  };
}

/** Values of one block position over all windows, in test order. */
export function blockColumn(values: Float64Array, windows: number, blocks: number, block: number): Float64Array {
  const column = new Float64Array(windows);
  for (let window = 0; window < windows; window += 1) column[window] = values[window * blocks + block]!;
  return column;
}

function blockMeans(values: Float64Array, { windows, steps, outputs }: ForecastArrays, output: number, level: number, blocks: number): Float64Array {
  const means = new Float64Array(windows * blocks);
  const stride = outputs.length;
  let cell = 0;
  for (let window = 0; window < windows; window += 1) {
    let at = window * steps * stride + output;
    for (let block = 0; block < blocks; block += 1) {
      let sum = 0;
      for (let step = 0; step < level; step += 1, at += stride) sum += values[at]!;
      means[cell] = sum / level;
      cell += 1;
    }
  }
  return means;
}
