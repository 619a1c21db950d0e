/**
 * Index of the last row with time ≤ u, −1 when there is none. Gallops from `hint`, so a walk of ascending instants costs
 * little more than one comparison each, and any order stays correct.
 */
export function lastAtOrBefore(times: Float64Array, u: number, hint: number): number {
  const count = times.length;
  let low = hint < 0 ? 0 : hint >= count ? count - 1 : hint;
  let high: number;
  let reach = 1;
  if (times[low]! <= u) {
    high = low + 1;
    while (high < count && times[high]! <= u) {
      low = high;
      reach *= 2;
      high = low + reach;
    }
    if (high > count) high = count;
  } else {
    high = low;
    low = high - 1;
    while (low >= 0 && times[low]! > u) {
      high = low;
      reach *= 2;
      low = high - reach;
    }
    if (low < -1) low = -1;
  }
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= u) low = middle;
    else high = middle;
  }
  return low;
}

/** Means over runs of rows in constant time, NaN rows left out. */
export interface RunningMean {
  /** mean of the non-missing rows from … to − 1; NaN when there are none */
  mean(from: number, to: number): number;
}

/**
 * Prefix sums in two doubles each: the difference of two long plain sums would lose the digits that the tolerance needs.
 *
 * @see Knuth, TAOCP 2, 4.2.2 (exact error of a floating-point sum)
 */
export function runningMean(values: Float64Array): RunningMean {
  const sums = new Float64Array(values.length + 1);
  const errors = new Float64Array(values.length + 1);
  const counts = new Int32Array(values.length + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const missing = Number.isNaN(value);
    const before = sums[i]!;
    const sum = missing ? before : before + value;
    const added = sum - before;
    sums[i + 1] = sum;
    errors[i + 1] = errors[i]! + (missing ? 0 : before - (sum - added) + (value - added));
    counts[i + 1] = counts[i]! + (missing ? 0 : 1);
  }
  return {
    mean(from, to) {
      const count = to > from ? counts[to]! - counts[from]! : 0;
      return count === 0 ? NaN : (sums[to]! - sums[from]! + (errors[to]! - errors[from]!)) / count;
    },
  };
}
