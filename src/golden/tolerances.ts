/**
 * Allowed error: |actual − expected| ≤ relative · max(|expected|, floor).
 * The floor keeps expected zeros and values far below the size of their neighbours comparable.
 */
export interface Tolerance {
  relative: number;
  floor: number;
}

/** The tolerances of test/golden/cases/README.md. */
export const TOLERANCE = {
  /** counts, times, shapes */
  exact: { relative: 0, floor: 1 },
  /** figures of section 3 and 5.2, plain arithmetic on minutes and values */
  statistics: { relative: 1e-9, floor: 1e-3 },
  /** window values and scaled values */
  value: { relative: 1e-6, floor: 1e-6 },
  /** 1e-6 absolute */
  timeColumn: { relative: 1e-6, floor: 1 },
  scaler: { relative: 1e-6, floor: 1e-6 },
  linear: { relative: 1e-6, floor: 1e-6 },
  linearMetric: { relative: 1e-6, floor: 1e-9 },
  givenMetric: { relative: 1e-9, floor: 1e-9 },
  /** float32: below the floor the rounding of the neighbours decides */
  firstBatch: { relative: 1e-5, floor: 0.1 },
  afterEpochs: { relative: 1e-4, floor: 0.1 },
  networkMetric: { relative: 1e-4, floor: 1e-9 },
} as const satisfies Record<string, Tolerance>;
