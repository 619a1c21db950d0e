import type { LinearModelDocument } from './types';

/**
 * Forecast of a stored linear model, from its document alone.
 *
 * @param x    rows × features, row-major, in the units the model was fitted on
 * @param rows number of (window, step) rows
 * @returns rows × outputs, row-major; with rows in (window, step) order this is (window, step, output)
 */
export function predictLinear(model: LinearModelDocument, x: Float64Array | Float32Array, rows: number): Float64Array {
  const p = model.input_columns.length;
  const q = model.outputs.length;
  if (x.length < rows * p) throw new RangeError(`${rows} rows of ${p} features need ${rows * p} values, got ${x.length}`);
  const forecast = new Float64Array(rows * q);
  for (const [target, { coefficients, intercept }] of model.outputs.entries()) {
    const beta = Float64Array.from(coefficients);
    for (let row = 0; row < rows; row += 1) {
      let value = intercept;
      for (let i = 0; i < p; i += 1) value += beta[i]! * x[row * p + i]!;
      forecast[row * q + target] = value;
    }
  }
  return forecast;
}
