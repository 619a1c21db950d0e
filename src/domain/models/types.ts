/** A linear model as it is stored and as it predicts: nothing else is needed (pipeline.md 17, LIN). */
export interface LinearModelDocument {
  schema_version: 1;
  model_type: 'LIN';
  /** columns of X in order, time features included */
  input_columns: string[];
  /** rows (window, step) the model was fitted on */
  rows: number;
  outputs: LinearOutput[];
}

/** y = intercept + Σ coefficients[i] · x_i, in the units of the rows it was fitted on (scaled). */
export interface LinearOutput {
  name: string;
  column_names: string[];
  coefficients: number[];
  intercept: number;
  /** singular values that count as non-zero */
  rank: number;
  /** of the centred X, descending */
  singular_values: number[];
}

/** Some consecutive rows; `x` is (rows × features), `y` (rows × targets), both row-major. Buffers may be reused for the next block. */
export interface RowBlock {
  rows: number;
  x: Float64Array;
  y: Float64Array;
}

/** Training rows that can be read more than once, block by block: all rows together may exceed what memory holds. */
export interface RowSource {
  features: readonly string[];
  targets: readonly string[];
  blocks(): Iterable<RowBlock>;
}
