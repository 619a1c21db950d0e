import type { Metrics } from '../metrics';

export const BASELINE_NAMES = ['persistence', 'daily', 'weekly'] as const;
export type BaselineName = (typeof BASELINE_NAMES)[number];

/** How a naive forecast does on the test windows it is available for (pipeline.md 15). */
export interface BaselineResult extends Metrics {
  n_windows: number;
  /** n_windows / test windows, above 0 */
  coverage: number;
  /** 1 − RMSE_model/RMSE_baseline on the same windows; null where a baseline has no error */
  skill: number | null;
  /** the model's metrics on the same windows, only when some are left out */
  model?: Metrics;
}

/** Baseline → output label → result; null when not available for any window. */
export type Baselines = Record<BaselineName, Record<string, BaselineResult | null>>;
