import type { ScalerDocument, ScalerSide } from '../scaling';

/** Scalers as the API shows them (http-api route 34). */
export interface ScalerView extends ScalerDocument {
  metadata: {
    input_features: number;
    output_features: number;
    input_features_scaled: number;
    output_features_scaled: number;
    input_feature_names: string[];
    output_feature_names: string[];
  };
}

/** Adds counts and column names; the names cover unscaled columns too, whose entry is null. */
export function scalerView(scalers: ScalerDocument, names: { input: readonly string[]; output: readonly string[] }): ScalerView {
  return {
    input: scalers.input,
    output: scalers.output,
    metadata: {
      input_features: names.input.length,
      output_features: names.output.length,
      input_features_scaled: scaledColumns(scalers.input),
      output_features_scaled: scaledColumns(scalers.output),
      input_feature_names: [...names.input],
      output_feature_names: [...names.output],
    },
  };
}

const scaledColumns = (side: ScalerSide) => Object.values(side).filter((scaler) => scaler !== null).length;
