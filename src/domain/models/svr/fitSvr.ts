import type { RowSource } from '../types';
import { DualProblem } from './dualProblem';
import type { DualSolution } from './dualProblem';
import { KernelMatrix } from './kernelMatrix';
import { trainingRows } from './trainingRows';
import type { TrainingRows } from './trainingRows';
import type { KernelFunction, SvrModelDocument, SvrOptions, SvrOutput } from './types';

/** pipeline.md 13.6: scikit-learn's 1e-3 leaves up to 1 % in single predictions. */
export const TOLERANCE = 1e-5;
/** Holds the whole matrix of 8 000 distinct rows. */
export const CACHE_BYTES = 256 * 2 ** 20;
const DEGREE = 3;
const COEF0 = 0;

/**
 * ε-SVR per target over one kernel matrix, rows as for the linear model (pipeline.md 13.6). There is no limit of steps.
 *
 * @param source rows in (window, step) order, scaled units; read twice
 * @yields the share done, 0 … 1, every few milliseconds; the document is what the generator returns
 * @throws RangeError without rows, or when a value is not finite
 */
export function* fitSvr(source: RowSource, options: SvrOptions): Generator<number, SvrModelDocument> {
  const reading = trainingRows(source, options.subsample, options.seed);
  let read = reading.next();
  for (; !read.done; read = reading.next()) yield 0;
  const rows = read.value;
  const { means, deviations, distinct } = rows;
  const features = source.features.length;
  const fn: KernelFunction = {
    kernel: options.kernel,
    gamma: rows.variance > 0 ? 1 / (features * rows.variance) : 1,
    degree: DEGREE,
    coef0: COEF0,
  };
  const matrix = new KernelMatrix(fn, rows.x, distinct, options.cacheBytes ?? CACHE_BYTES, source.targets.length);
  const bounds = rows.counts.map((count) => count * options.c);
  const { epsilon, tolerance = TOLERANCE, shrinking = true } = options;
  const outputs: SvrOutput[] = [];
  for (const [target, name] of source.targets.entries()) {
    const y = rows.y.subarray(target * distinct, (target + 1) * distinct);
    const solving = new DualProblem(matrix, y, bounds, { epsilon, tolerance, shrinking }).solve();
    const solution = yield* reporting(solving, tolerance, (share) => (target + share) / source.targets.length);
    outputs.push({
      name,
      column_names: [...source.features],
      ...fn,
      c: options.c,
      epsilon,
      ...supportVectors(rows, features, options.c, solution),
      bias: solution.bias,
    });
  }
  return {
    schema_version: 1,
    model_type: 'SVR',
    input_columns: [...source.features],
    rows: { rows_total: rows.total, rows_used: rows.used, seed: options.seed },
    standardisation: { means, deviations },
    outputs,
  };
}

/** Runs a fit to its end at once. */
export function runToEnd<T>(fit: Generator<number, T>): T {
  for (;;) {
    const { done, value } = fit.next();
    if (done) return value;
  }
}

/** The violation falls about as a power of the steps, so its logarithm is a fair clock. */
function* reporting(
  solving: Generator<number, DualSolution>,
  tolerance: number,
  shareOf: (share: number) => number,
): Generator<number, DualSolution> {
  let largest = 0;
  let furthest = 0;
  for (;;) {
    const { done, value } = solving.next();
    if (done) return value;
    largest = Math.max(largest, value);
    const share = Math.log(largest / value) / Math.log(largest / tolerance);
    if (Number.isFinite(share)) furthest = Math.min(Math.max(furthest, share), 1);
    yield shareOf(furthest);
  }
}

function supportVectors(
  { x, distinct, counts }: TrainingRows,
  features: number,
  c: number,
  { coefficients }: DualSolution,
): Pick<SvrOutput, 'support_vectors' | 'dual_coefficients' | 'support_rows'> {
  const support = Array.from(coefficients.keys()).filter((t) => coefficients[t] !== 0);
  return {
    support_vectors: support.map((t) => Array.from({ length: features }, (_, f) => x[f * distinct + t]!)),
    dual_coefficients: support.map((t) => coefficients[t]!),
    support_rows: {
      fewest: support.reduce((sum, t) => sum + Math.ceil(Math.abs(coefficients[t]!) / c), 0),
      most: support.reduce((sum, t) => sum + counts[t]!, 0),
    },
  };
}
