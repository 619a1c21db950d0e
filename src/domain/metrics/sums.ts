/** The sums over one pair of vectors from which seven of the eight metrics follow. */
export interface ErrorSums {
  count: number;
  /** Σ|e|, e = f − y */
  absoluteError: number;
  /** Σ e² */
  squaredError: number;
  /** Σ |e| / max(|y|, ε) */
  relativeError: number;
  /** Σ |e| / ((|y| + |f|)/2), a pair of zeros counts 0 */
  symmetricError: number;
  /** Σ y */
  truth: number;
  /** Σ|y| */
  absoluteTruth: number;
}

/** Distance from 1 to the next double: the smallest divisor MAPE uses. */
export const MACHINE_EPSILON = Number.EPSILON;

/** Leaves of the pairwise summation: short enough to keep rounding small, long enough to keep the recursion cheap. */
const LEAF = 128;

/** All sums in one pass, added pairwise so that the rounding error grows with log n only (pipeline.md 19). */
export function errorSums(truth: Float64Array, forecast: Float64Array, from = 0, to = truth.length): ErrorSums {
  if (to - from <= LEAF) return leafSums(truth, forecast, from, to);
  const middle = (from + to) >>> 1;
  const left = errorSums(truth, forecast, from, middle);
  const right = errorSums(truth, forecast, middle, to);
  return {
    count: left.count + right.count,
    absoluteError: left.absoluteError + right.absoluteError,
    squaredError: left.squaredError + right.squaredError,
    relativeError: left.relativeError + right.relativeError,
    symmetricError: left.symmetricError + right.symmetricError,
    truth: left.truth + right.truth,
    absoluteTruth: left.absoluteTruth + right.absoluteTruth,
  };
}

/** Σ|y_t − y_(t−1)| over t = from … to − 1, from ≥ 1, added pairwise. */
export function sumOfSteps(truth: Float64Array, from = 1, to = truth.length): number {
  if (to - from > LEAF) {
    const middle = (from + to) >>> 1;
    return sumOfSteps(truth, from, middle) + sumOfSteps(truth, middle, to);
  }
  let sum = 0;
  for (let t = from; t < to; t += 1) sum += Math.abs(truth[t]! - truth[t - 1]!);
  return sum;
}

function leafSums(truth: Float64Array, forecast: Float64Array, from: number, to: number): ErrorSums {
  let absoluteError = 0;
  let squaredError = 0;
  let relativeError = 0;
  let symmetricError = 0;
  let truthSum = 0;
  let absoluteTruth = 0;
  for (let i = from; i < to; i += 1) {
    const y = truth[i]!;
    const f = forecast[i]!;
    const size = Math.abs(y);
    const error = Math.abs(f - y);
    const scale = (size + Math.abs(f)) / 2;
    absoluteError += error;
    squaredError += error * error;
    relativeError += error / Math.max(size, MACHINE_EPSILON);
    symmetricError += scale === 0 ? 0 : error / scale;
    truthSum += y;
    absoluteTruth += size;
  }
  return { count: to - from, absoluteError, squaredError, relativeError, symmetricError, truth: truthSum, absoluteTruth };
}
