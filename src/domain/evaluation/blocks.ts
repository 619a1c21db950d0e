import type { ForecastArrays } from './types';

/** Highest averaging level of the tables (pipeline.md 14.2). */
export const MAX_LEVEL = 12;

/** Averaging levels that have at least one block: m = 1 … min(12, steps). */
export function averagingLevels(steps: number): number[] {
  return Array.from({ length: Math.min(MAX_LEVEL, steps) }, (_, index) => index + 1);
}

/** One output over all windows: a column per step (or block of steps), each with one value per window in test order. */
export interface StepColumns {
  truth: Float64Array[];
  forecast: Float64Array[];
}

/** The columns of one output at averaging level 1. */
export function stepColumns({ truth, forecast, windows, steps, outputs }: ForecastArrays, output: number): StepColumns {
  const columns = (values: Float64Array) =>
    Array.from({ length: steps }, (_, step) => {
      const column = new Float64Array(windows);
      const stride = steps * outputs.length;
      for (let window = 0, at = step * outputs.length + output; window < windows; window += 1, at += stride) column[window] = values[at]!;
      return column;
    });
  return { truth: columns(truth), forecast: columns(forecast) };
}

/**
 * Means over m neighbouring steps; leftover steps at the end of a window are dropped.
 *
 * The steps of a block are added directly: every step is touched once per level, as cheap as differences of prefix sums,
 * but a block of zeros stays exactly zero, on which MAPE and the undefined cells depend.
 */
export function levelColumns(steps: StepColumns, level: number): StepColumns {
  if (level === 1) return steps;
  const average = (columns: readonly Float64Array[]) =>
    Array.from({ length: Math.floor(columns.length / level) }, (_, block) => meanColumn(columns.slice(block * level, (block + 1) * level)));
  return { truth: average(steps.truth), forecast: average(steps.forecast) };
}

/** One output as a vector, window after window. */
export function outputVector(values: Float64Array, { windows, steps, outputs }: ForecastArrays, output: number): Float64Array {
  const vector = new Float64Array(windows * steps);
  for (let cell = 0; cell < vector.length; cell += 1) vector[cell] = values[cell * outputs.length + output]!;
  return vector;
}

function meanColumn(columns: readonly Float64Array[]): Float64Array {
  const mean = Float64Array.from(columns[0]!);
  for (const column of columns.slice(1)) for (let i = 0; i < mean.length; i += 1) mean[i]! += column[i]!;
  for (let i = 0; i < mean.length; i += 1) mean[i]! /= columns.length;
  return mean;
}
