import { BLOCK, KernelRows } from './kernelRows';
import type { SvrModelDocument } from './types';

/**
 * Forecast of a stored support vector model, from its document alone.
 *
 * @param x    rows × features, row-major, in the units the model was fitted on
 * @param rows number of (window, step) rows
 * @returns rows × outputs, row-major; with rows in (window, step) order this is (window, step, output)
 */
export function predictSvr(model: SvrModelDocument, x: Float64Array | Float32Array, rows: number): Float64Array {
  const p = model.input_columns.length;
  const q = model.outputs.length;
  if (x.length < rows * p) throw new RangeError(`${rows} rows of ${p} features need ${rows * p} values, got ${x.length}`);
  const { means, deviations } = model.standardisation;
  const forecast = new Float64Array(rows * q);
  const z = new Float64Array(p);
  for (const [target, output] of model.outputs.entries()) {
    const vectors = output.support_vectors;
    const columns = Float64Array.from(
      { length: p * vectors.length },
      (_, i) => vectors[i % vectors.length]![Math.floor(i / vectors.length)]!,
    );
    const kernel = new KernelRows(output, columns, p, vectors.length);
    const coefficients = Float64Array.from(output.dual_coefficients);
    for (let row = 0; row < rows; row += 1) {
      for (let f = 0; f < p; f += 1) z[f] = (x[row * p + f]! - means[f]!) / deviations[f]!;
      let sum = output.bias;
      for (let from = 0; from < vectors.length; from += BLOCK) {
        const count = Math.min(BLOCK, vectors.length - from);
        sum += weighted(kernel.evaluate(z, from, count), coefficients, from, count);
      }
      forecast[row * q + target] = sum;
    }
  }
  return forecast;
}

function weighted(values: Float64Array, coefficients: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let t = 0; t < count; t += 1) sum += values[t]! * coefficients[from + t]!;
  return sum;
}
