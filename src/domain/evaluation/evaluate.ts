import type { Warning } from '../findings';
import { summaryMetrics } from './summary';
import { evaluationTables } from './tables';
import type { EvaluationTable, ForecastArrays, StepEvaluationTable, SummaryMetrics } from './types';

/** `evaluation_metrics` of the result document (pipeline.md 17), `model_type` apart. */
export interface Evaluation {
  test_metrics_scaled: SummaryMetrics | null;
  test_metrics_original: SummaryMetrics | null;
  /** null when the validation part is empty */
  val_metrics_scaled: SummaryMetrics | null;
  df_eval: EvaluationTable;
  df_eval_ts: StepEvaluationTable;
}

export interface EvaluationParts {
  testOriginal: ForecastArrays;
  testScaled: ForecastArrays;
  validationScaled: ForecastArrays;
}

/** Everything section 14 of the pipeline specification reports about one model. */
export function evaluateForecasts({ testOriginal, testScaled, validationScaled }: EvaluationParts): {
  evaluation: Evaluation;
  warnings: Warning[];
} {
  const tables = evaluationTables(testOriginal);
  const original = summaryMetrics(testOriginal, 'test_original');
  const scaled = summaryMetrics(testScaled, 'test_scaled');
  const validation = summaryMetrics(validationScaled, 'val_scaled');
  return {
    evaluation: {
      test_metrics_scaled: scaled.metrics,
      test_metrics_original: original.metrics,
      val_metrics_scaled: validation.metrics,
      df_eval: tables.dfEval,
      df_eval_ts: tables.dfEvalTs,
    },
    // the summary in original units is level 1 of the tables, which have warned already
    warnings: [...tables.warnings, ...scaled.warnings, ...validation.warnings],
  };
}
