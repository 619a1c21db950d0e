/** The files of a golden case, as test/golden/cases/README.md describes them. Every part of `expected` may be absent. */
export interface GoldenCase {
  name: string;
  /** folder of the case */
  dir: string;
  settings: CaseSettings;
  expected: Expected;
}

export interface CaseSettings {
  zeitschritte?: Record<string, unknown>;
  files?: (Record<string, unknown> & { file: string })[];
  timeInfo?: Record<string, unknown> | null;
  model_parameters?: Record<string, unknown> | null;
  training_split?: Record<string, unknown>;
  /** evaluation of given arrays */
  outputs?: { bezeichnung: string; zeitschrittweiteTransferiertenDaten: number | null }[];
  truth?: NestedArray;
  forecast?: NestedArray;
  /** metrics of given vectors */
  vectors?: { truth: number[]; forecast: number[] }[];
  /** split sizes of given numbers of windows */
  n_dat?: number[];
}

export type Nested = number | Nested[];

export interface NestedArray {
  shape: number[];
  values: Nested[];
}

export interface Expected {
  series?: Record<string, string | number | null>[];
  reference_times?: { first_candidate?: string; range_end?: string; candidates?: number; kept?: string[] };
  n_dat?: number;
  input_array?: ArraySummary;
  output_array?: ArraySummary;
  combined_shapes?: { input: number[]; output: number[] };
  scalers?: { input: (ExpectedScaler | null)[]; output: (ExpectedScaler | null)[] };
  split?: Record<string, number | string[] | null>;
  scaled?: { input?: ArraySummary; output?: ArraySummary };
  model?: ExpectedModel;
  df_eval?: Tables;
  df_eval_ts?: Record<string, Tables>;
  /** of given arrays: one family without a name */
  pooled_metrics?: PooledFamily;
  /** metrics of given vectors */
  results?: Record<string, unknown>[];
  /** split sizes */
  columns?: string[];
  rows?: number[][];
}

export interface ArraySummary {
  shape?: number[];
  columns?: string[];
  per_column?: (Record<string, number> | null)[];
  samples?: { index: number; values: Nested[] }[];
}

export interface ExpectedScaler {
  column: string;
  scale: number;
  shift: number;
  data_min: number;
  data_max: number;
  target: [number, number];
}

/** Label or level key → metric → values. */
export type Tables = Record<string, Record<string, (number | null)[]>>;

/** Metric (with or without _TS) → value or values per step. */
export type PooledFamily = Record<string, number | null | (number | null)[]>;
export type PooledMetrics = Partial<Record<'scaled' | 'original', PooledFamily>>;

export interface ExpectedModel {
  linear?: { output: string; coefficients: number[]; intercept: number }[];
  svr?: ExpectedSvr[];
  network?: ExpectedNetwork;
  test_prediction_scaled?: PredictionSummary;
  test_prediction_original_units?: PredictionSummary;
  df_eval?: Tables;
  df_eval_ts?: Record<string, Tables>;
  pooled_metrics?: PooledMetrics;
}

export interface ExpectedSvr {
  output: string;
  n_support: number;
  intercept: number;
  gamma: number;
  dual_sum_abs: number;
  /** standardisation of the columns before the kernel */
  mean: number[];
  scale: number[];
  /** of the standardised columns */
  coefficients_if_linear: number[] | null;
}

export interface PredictionSummary {
  shape?: number[];
  sum?: number;
  samples?: { index: number; values: Nested[] }[];
}

export interface Tensor {
  name: string;
  shape: number[];
  values: Nested[];
}

export type NetworkArrayName = 'train_x' | 'train_y' | 'val_x' | 'val_y' | 'test_x' | 'test_y';

export interface ExpectedNetwork extends Partial<Record<NetworkArrayName, NestedArray>> {
  parameters?: number;
  batch_size?: number;
  epochs?: number;
  shuffle?: boolean;
  optimizer?: { name: string; learning_rate: number; beta_1: number; beta_2: number; epsilon: number };
  initial_weights?: Tensor[];
  initial_train_loss_and_rmse?: [number, number];
  weights_after_first_batch?: Tensor[];
  log?: { loss: number; root_mean_squared_error: number; val_loss: number; val_root_mean_squared_error: number }[];
  weights_after_epoch?: Tensor[][];
  final_weights?: Tensor[];
}
