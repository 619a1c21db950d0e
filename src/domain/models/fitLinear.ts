import { rowStatistics } from './rowStatistics';
import { singularValueDecomposition } from './singularValues';
import { triangularise } from './triangularise';
import type { LinearModelDocument, RowSource } from './types';

/**
 * Ordinary least squares with intercept, one model per target (pipeline.md 13.7).
 *
 *     min ‖(X − x̄)·β − (y − ȳ)‖,  intercept = ȳ − x̄·β
 *
 * Solved in float64 by a streamed QR of the centred rows and the singular value decomposition of its triangle, never by normal equations.
 * Singular values below s_max · max(rows, columns) · 2.22e-16 count as zero: rank-deficient rows give the coefficients of least norm.
 *
 * @param source rows in (window, step) order, scaled units; read twice
 * @throws RangeError without rows, or when a value is not finite
 */
export function fitLinear(source: RowSource): LinearModelDocument {
  const { rows, means } = rowStatistics(source);
  if (rows === 0) throw new RangeError('a linear model needs at least one row');
  if (!means.every(Number.isFinite)) throw new RangeError('a linear model needs finite values');
  const p = source.features.length;
  const q = source.targets.length;
  const { r, projected } = triangularise(source, means);
  const { scaledLeft, right, values } = singularValueDecomposition(r, p);
  const cutoff = (values[0] ?? 0) * Math.max(rows, p) * Number.EPSILON;
  const rank = values.filter((value) => value > cutoff).length;

  const outputs = source.targets.map((name, target) => {
    const coefficients = new Array<number>(p).fill(0);
    // β = Σ v_k · (u_kᵀ·Qᵀy) / s_k over the singular values that count
    for (let k = 0; k < rank; k += 1) {
      let along = 0;
      for (let i = 0; i < p; i += 1) along += scaledLeft[k * p + i]! * projected[i * q + target]!;
      const share = along / values[k]! / values[k]!;
      for (let i = 0; i < p; i += 1) coefficients[i]! += right[k * p + i]! * share;
    }
    const intercept = coefficients.reduce((rest, coefficient, i) => rest - coefficient * means[i]!, means[p + target]!);
    return { name, column_names: [...source.features], coefficients, intercept, rank, singular_values: [...values] };
  });
  return { schema_version: 1, model_type: 'LIN', input_columns: [...source.features], rows, outputs };
}
