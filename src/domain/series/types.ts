import type { Role } from '../settings/types';

/** One measured series: `times` in µs since 1970 UTC, strictly ascending; `values` with NaN for missing. Same length, ≥ 2. */
export interface Series {
  label: string;
  role: Role;
  times: Float64Array;
  values: Float64Array;
}

/** Statistics of pipeline.md 3, in the units named there. */
export interface SeriesStatistics {
  firstTime: number;
  lastTime: number;
  rowCount: number;
  numericCount: number;
  /** percent, 2 decimals */
  numericShare: number;
  meanStepMin: number;
  smallestStepMin: number;
  /** minutes, or 'var' when 60/meanStepMin is no integer */
  rowOffset: number | 'var';
  min: number | null;
  max: number | null;
}
