import type { ModelSettings } from '../../settings/types';

export type KernelName = Extract<ModelSettings, { kind: 'SVR' }>['kernel'];

/** A kernel with its constants: linear x·z; poly (γ x·z + c₀)^d; rbf exp(−γ‖x − z‖²); sigmoid tanh(γ x·z + c₀). */
export interface KernelFunction {
  kernel: KernelName;
  gamma: number;
  degree: number;
  coef0: number;
}

export interface SvrOptions {
  kernel: KernelName;
  /** bound of a dual coefficient, per training row */
  c: number;
  /** half width of the tube inside which an error costs nothing, in units of the targets */
  epsilon: number;
  /** rows drawn without replacement; null = all */
  subsample: number | null;
  /** of the training; draws the rows of a subsample */
  seed: number;
  /** largest violation of the optimality conditions at the end; default {@link TOLERANCE} */
  tolerance?: number;
  /** bound of the kernel cache; default {@link CACHE_BYTES} */
  cacheBytes?: number;
  /** leave out variables that have settled at a bound, until the end; default true */
  shrinking?: boolean;
}

/** A support vector model as it is stored and as it predicts: nothing else is needed (pipeline.md 17, SVR). */
export interface SvrModelDocument {
  schema_version: 1;
  model_type: 'SVR';
  /** columns of X in order, time features included */
  input_columns: string[];
  /** (window, step) rows of the training part, those the model was fitted on, and the seed that chose them */
  rows: { rows_total: number; rows_used: number; seed: number };
  /** z = (x − mean) / deviation per column, applied before the kernel; population deviation, 1 where it is 0 */
  standardisation: { means: number[]; deviations: number[] };
  outputs: SvrOutput[];
}

/** y = bias + Σ dual_coefficients[s] · K(support_vectors[s], z). */
export interface SvrOutput extends KernelFunction {
  name: string;
  column_names: string[];
  c: number;
  epsilon: number;
  /** standardised, one list of columns each; equal training rows are one support vector */
  support_vectors: number[][];
  /** α − α*; at most c times the number of rows the support vector stands for */
  dual_coefficients: number[];
  bias: number;
  /** training rows with a dual coefficient, if equal rows were kept apart: how they share one is not unique */
  support_rows: { fewest: number; most: number };
}
