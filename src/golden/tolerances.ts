/**
 * Allowed error: |actual − expected| ≤ relative · max(|expected|, floor).
 * The floor keeps values comparable that are far smaller than what they are computed from.
 */
export interface Tolerance {
  relative: number;
  floor: number;
}

/** The tolerances of test/golden/cases/README.md. */
export const TOLERANCE = {
  /** counts, times, shapes */
  exact: { relative: 0, floor: 1 },
  /** figures of pipeline.md 3 and 5.2: plain arithmetic on minutes and values */
  statistics: { relative: 1e-9, floor: 1e-3 },
  /** window values, scaled values and scalers; scaled values lie between 0 and 1 */
  value: { relative: 1e-6, floor: 0.01 },
  /** 1e-6 absolute */
  timeColumn: { relative: 1e-6, floor: 1 },
  linear: { relative: 1e-6, floor: 0.01 },
  linearMetric: { relative: 1e-6, floor: 1e-9 },
  givenMetric: { relative: 1e-9, floor: 1e-9 },
  /** solved to 1e-5 here, to 1e-8 there */
  support: { relative: 1e-3, floor: 0.01 },
  supportMetric: { relative: 1e-3, floor: 1e-9 },
  /** ± 3 %: a row at the edge of the tube counts or not by a rounding */
  supportRows: { relative: 0.03, floor: 1 },
  /** float32 sums of many terms around 0.1 */
  firstBatch: { relative: 1e-5, floor: 0.1 },
  afterEpochs: { relative: 1e-4, floor: 0.1 },
  networkMetric: { relative: 1e-4, floor: 1e-9 },
} as const satisfies Record<string, Tolerance>;

/** The same tolerance for numbers of another size: below a hundredth of it, the error counts in units of that. */
export function ofSize(tolerance: Tolerance, size: number): Tolerance {
  return { relative: tolerance.relative, floor: 0.01 * size || Number.MIN_VALUE };
}

/** Largest absolute value. */
export function sizeOf(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}
