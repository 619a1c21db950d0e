/** Fitted min-max scaler of one column (pipeline.md 10 and 17): x·scale + min, inverse (x − min)/scale. Field names as in scikit-learn. */
export interface ScalerParameters {
  name: string;
  feature_range: [number, number];
  data_min: number;
  data_max: number;
  data_range: number;
  scale: number;
  /** the shift */
  min: number;
  n_samples_seen: number;
}

/** Key = column index as text; null = column without scaler. */
export interface ScalerDocument {
  input: Record<string, ScalerParameters | null>;
  output: Record<string, ScalerParameters | null>;
}
