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

const { abs, max } = Math;

/** Leaves of the pairwise summation: short enough to keep rounding small, long enough to keep the recursion cheap. */
const LEAF = 128;

/** All sums in one pass, added pairwise so that the rounding error grows with log n only (pipeline.md 19). */
export function errorSums(truth: Float64Array, forecast: Float64Array, from = 0, to = truth.length): ErrorSums {
  if (to - from <= LEAF) return leafSums(truth, forecast, from, to);
  const middle = (from + to) >>> 1;
  return added(errorSums(truth, forecast, from, middle), errorSums(truth, forecast, middle, to));
}

/** The sums over several vectors taken together. */
export function mergeSums(parts: readonly ErrorSums[]): ErrorSums {
  return parts.reduce(added);
}

function added(left: ErrorSums, right: ErrorSums): ErrorSums {
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

/** Σ|y_t − y_(t−1)| over neighbouring values. */
export function sumOfSteps(values: Float64Array): number {
  return values.length < 2 ? 0 : sumOfDifferences(values.subarray(0, -1), values.subarray(1));
}

/** Σ|b_i − a_i| of two vectors of equal length, added pairwise. */
export function sumOfDifferences(a: Float64Array, b: Float64Array, from = 0, to = a.length): number {
  if (to - from > LEAF) {
    const middle = (from + to) >>> 1;
    return sumOfDifferences(a, b, from, middle) + sumOfDifferences(a, b, middle, to);
  }
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += abs(b[i]! - a[i]!);
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
    const size = abs(y);
    const error = abs(f - y);
    const scale = (size + abs(f)) / 2;
    absoluteError += error;
    squaredError += error * error;
    relativeError += error / max(size, MACHINE_EPSILON);
    symmetricError += scale === 0 ? 0 : error / scale;
    truthSum += y;
    absoluteTruth += size;
  }
  return { count: to - from, absoluteError, squaredError, relativeError, symmetricError, truth: truthSum, absoluteTruth };
}
