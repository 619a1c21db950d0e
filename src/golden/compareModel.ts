import { evaluatedOutputs, evaluateForecasts } from '../domain/evaluation';
import type { ForecastArrays } from '../domain/evaluation';
import { copyOriginal, copyScaled, inverseScaled } from '../domain/scaling';
import type { BackendChoice } from '../training';
import type { Checks } from './checks';
import { comparePooled } from './comparePooled';
import { compareStepTables, compareTable } from './compareTables';
import type { PreparedData } from './dataset';
import { runModel } from './models';
import { flatten } from './nested';
import { ofSize, sizeOf } from './tolerances';
import type { Tolerance } from './tolerances';
import type { ExpectedModel, PredictionSummary } from './types';

/** The model part of a case: the model itself, its test forecast, tables and pooled metrics. */
export async function compareModel(checks: Checks, data: PreparedData, expected: ExpectedModel, backend: BackendChoice): Promise<void> {
  const { dataset, parts, scalers } = data;
  const outcome = await runModel(checks, data, expected, backend);
  const { prediction, metric } = outcome.tolerances;
  const outputs = evaluatedOutputs(data.settings);
  const arrays = (truth: Float64Array, forecast: Float64Array, windows: number): ForecastArrays => ({
    truth,
    forecast,
    windows,
    steps: dataset.output.steps,
    outputs,
  });
  const cells = (windows: Int32Array) => new Float64Array(windows.length * dataset.output.steps * outputs.length);
  const scaledTruth = (windows: Int32Array) => {
    const truth = cells(windows);
    copyScaled(dataset.output, scalers.output, windows, truth);
    return truth;
  };
  const originalTruth = cells(parts.test);
  copyOriginal(dataset.output, parts.test, originalTruth);

  const testOriginal = arrays(originalTruth, inverseScaled(outcome.test, outputs.length, scalers.output), parts.test.length);
  const testScaled = arrays(scaledTruth(parts.test), outcome.test, parts.test.length);
  const validationScaled = arrays(scaledTruth(parts.validation), outcome.validation, parts.validation.length);
  comparePrediction(checks, 'test_prediction_scaled', testScaled, expected.test_prediction_scaled, prediction);
  comparePrediction(
    checks,
    'test_prediction_original_units',
    testOriginal,
    expected.test_prediction_original_units,
    ofSize(prediction, sizeOf(testOriginal.forecast)),
  );

  const { evaluation } = evaluateForecasts({ testOriginal, testScaled, validationScaled });
  if (expected.df_eval) compareTable(checks, evaluation.df_eval, expected.df_eval, metric);
  if (expected.df_eval_ts) compareStepTables(checks, evaluation.df_eval_ts, expected.df_eval_ts, metric);
  const { pooled_metrics: pooled } = expected;
  const { test_metrics_scaled: scaled, test_metrics_original: original } = evaluation;
  if (pooled?.scaled && scaled) comparePooled(checks, 'pooled_metrics.scaled', testScaled, scaled, pooled.scaled, metric);
  if (pooled?.original && original) comparePooled(checks, 'pooled_metrics.original', testOriginal, original, pooled.original, metric);
}

function comparePrediction(
  checks: Checks,
  name: string,
  { forecast, windows, steps, outputs }: ForecastArrays,
  expected: PredictionSummary | undefined,
  tolerance: Tolerance,
): void {
  if (!expected) return;
  if (expected.shape) checks.sameList(`${name}.shape`, [windows, steps, outputs.length], expected.shape);
  if (expected.sum !== undefined) {
    const sum = forecast.reduce((total, value) => total + value, 0);
    checks.close(`${name}.sum`, sum, expected.sum, tolerance);
  }
  const windowSize = steps * outputs.length;
  for (const { index, values } of expected.samples ?? []) {
    const window = forecast.subarray(index * windowSize, (index + 1) * windowSize);
    const wanted = flatten(values);
    checks.same(`${name}.samples index`, Number.isInteger(index), true);
    checks.same(`${name}.samples[${index}] size`, window.length, wanted.length);
    wanted.forEach((value, i) => checks.close(`${name}.samples[${index}][${i}]`, window[i], value, tolerance));
  }
}
