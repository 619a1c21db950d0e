import { Random, STREAM } from '../../random';
import type { RowSource } from '../types';
import { mergeEqual } from './mergeEqual';

/** Distinct training rows, each with the number of rows it stands for. */
export interface TrainingRows {
  total: number;
  used: number;
  distinct: number;
  /** standardised, column-major: feature f of row t at f · distinct + t */
  x: Float64Array;
  /** target-major: target j of row t at j · distinct + t */
  y: Float64Array;
  /** how often each row occurs among those used */
  counts: Float64Array;
  means: number[];
  deviations: number[];
  /** variance over all elements of the standardised X, equal rows counted as often as they occur */
  variance: number;
}

/**
 * Reads, chooses, standardises and merges the rows of a fit (pipeline.md 13.6).
 *
 * Windows overlap: where the reference times advance by the step of the data, a row of one window comes again in up to I_N − 1 others.
 * Rows equal in every bit are merged. The problem stays the same: the dual coefficients of m equal rows, each within ±C, only matter by their
 * sum, which may be anything within ±mC.
 *
 * @param subsample rows to draw without replacement by stream 4 of the seed, in ascending order; null or more than there are = all
 * @yields rows read so far, after every block
 * @throws RangeError without rows or features, or when a value is not finite
 */
export function* trainingRows(source: RowSource, subsample: number | null, seed: number): Generator<number, TrainingRows> {
  const p = source.features.length;
  const q = source.targets.length;
  if (p === 0) throw new RangeError('a support vector model needs at least one feature');
  const { values, total, used } = yield* readRows(source, subsample, seed);
  if (used === 0) throw new RangeError('a support vector model needs at least one row');
  if (!values.every(Number.isFinite)) throw new RangeError('a support vector model needs finite values');
  const { first, counts } = mergeEqual(values, used, p + q);
  const scales = Array.from({ length: p }, (_, f) => standardisation(values, used, p + q, f));
  const distinct = first.length;
  const x = new Float64Array(p * distinct);
  const y = new Float64Array(q * distinct);
  let squares = 0;
  scales.forEach(({ mean, deviation }, f) => {
    for (let t = 0; t < distinct; t += 1) {
      const z = (values[first[t]! * (p + q) + f]! - mean) / deviation;
      x[f * distinct + t] = z;
      squares += counts[t]! * z * z; // the mean of every column is 0, so that of all elements is
    }
  });
  for (let j = 0; j < q; j += 1) for (let t = 0; t < distinct; t += 1) y[j * distinct + t] = values[first[t]! * (p + q) + p + j]!;
  return {
    total,
    used,
    distinct,
    x,
    y,
    counts,
    means: scales.map(({ mean }) => mean),
    deviations: scales.map(({ deviation }) => deviation),
    variance: squares / (used * p),
  };
}

/** The rows used, each with its features and then its targets. */
function* readRows(
  source: RowSource,
  subsample: number | null,
  seed: number,
): Generator<number, { values: Float64Array; total: number; used: number }> {
  const p = source.features.length;
  const q = source.targets.length;
  let total = 0;
  for (const { rows } of source.blocks()) {
    total += rows;
    yield total;
  }
  const chosen = subsample === null || subsample >= total ? null : Random.stream(seed, STREAM.svrSubsample).sample(subsample, total).sort();
  const used = chosen?.length ?? total;
  const values = new Float64Array(used * (p + q));
  let next = 0;
  let before = 0;
  for (const { rows, x, y } of source.blocks()) {
    for (; next < used; next += 1) {
      const row = (chosen?.[next] ?? next) - before;
      if (row >= rows) break;
      for (let f = 0; f < p; f += 1) values[next * (p + q) + f] = x[row * p + f]!;
      for (let j = 0; j < q; j += 1) values[next * (p + q) + p + j] = y[row * q + j]!;
    }
    before += rows;
    yield before;
  }
  return { values, total, used };
}

/** Mean and population deviation of a column; a spread within the rounding of its mean counts as 0, and 0 becomes 1 (scikit-learn's StandardScaler). */
function standardisation(values: Float64Array, rows: number, width: number, f: number): { mean: number; deviation: number } {
  let sum = 0;
  for (let t = 0; t < rows; t += 1) sum += values[t * width + f]!;
  let mean = sum / rows;
  let rest = 0; // second pass: the rounding of the first sum
  for (let t = 0; t < rows; t += 1) rest += values[t * width + f]! - mean;
  mean += rest / rows;
  let squares = 0;
  for (let t = 0; t < rows; t += 1) squares += (values[t * width + f]! - mean) ** 2;
  const variance = squares / rows;
  const rounding = rows * Number.EPSILON * variance + (rows * mean * Number.EPSILON) ** 2;
  return { mean, deviation: variance <= rounding ? 1 : Math.sqrt(variance) };
}
