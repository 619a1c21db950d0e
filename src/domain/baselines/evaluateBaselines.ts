import { outputVector } from '../evaluation';
import type { ForecastArrays } from '../evaluation';
import type { Warning } from '../findings';
import { metrics } from '../metrics';
import type { Metrics } from '../metrics';
import type { Series } from '../series/types';
import type { DatasetSettings } from '../settings/types';
import { NaiveForecaster } from './forecasts';
import { BASELINE_NAMES } from './types';
import type { BaselineName, BaselineResult, Baselines } from './types';

export interface BaselineInput {
  settings: DatasetSettings;
  /** measured rows of the output series, in column order */
  outputs: readonly Series[];
  /** reference times of the test windows in test order, µs */
  refTimes: Float64Array;
  /** the model's test forecast in original units, with the truth; windows as in `refTimes` */
  model: ForecastArrays;
}

/** Compares the model with forecasts that need no training; warns where one of them is better. */
export function evaluateBaselines(input: BaselineInput): { baselines: Baselines; warnings: Warning[] } {
  const settings = input.settings.series.filter((one) => one.role === 'output');
  const warnings: Warning[] = [];
  const table = emptyTable();
  for (const [index, series] of input.outputs.entries()) {
    const one = settings[index];
    if (!one) throw new RangeError(`"${series.label}" is not among the ${settings.length} configured outputs`);
    const forecaster = new NaiveForecaster(series, one, input.settings.steps);
    const model = {
      truth: outputVector(input.model.truth, input.model, index),
      forecast: outputVector(input.model.forecast, input.model, index),
    };
    const modelMetrics = metrics(model.truth, model.forecast);
    for (const name of BASELINE_NAMES) {
      const result = compare(forecaster, name, input, model, modelMetrics);
      table[name].push([one.label, result]);
      const warning = result && worseThanBaseline(one.label, name, modelMetrics, result);
      if (warning) warnings.push(warning);
    }
  }
  const baselines = Object.fromEntries(BASELINE_NAMES.map((name) => [name, Object.fromEntries(table[name])])) as Baselines;
  return { baselines, warnings };
}

function compare(
  forecaster: NaiveForecaster,
  name: BaselineName,
  { refTimes, model: { steps } }: BaselineInput,
  model: { truth: Float64Array; forecast: Float64Array },
  modelOnAll: Metrics,
): BaselineResult | null {
  const naive = new Float64Array(model.truth.length);
  const available: number[] = [];
  for (const [window, refTime] of refTimes.entries()) {
    const forecast = forecaster.forecast(name, refTime);
    if (!forecast) continue;
    naive.set(forecast, available.length * steps);
    available.push(window);
  }
  if (available.length === 0) return null;

  const complete = available.length === refTimes.length;
  const truth = complete ? model.truth : pickWindows(model.truth, available, steps);
  const own = metrics(truth, naive.subarray(0, truth.length));
  const modelOnSame = complete ? modelOnAll : metrics(truth, pickWindows(model.forecast, available, steps));
  return {
    ...own,
    n_windows: available.length,
    coverage: available.length / refTimes.length,
    skill: skill(modelOnSame.RMSE, own.RMSE),
    ...(complete ? {} : { model: modelOnSame }),
  };
}

function skill(model: number | null, baseline: number | null): number | null {
  if (model === null || baseline === null || baseline === 0) return null;
  const value = 1 - model / baseline;
  return Number.isFinite(value) ? value : null;
}

function worseThanBaseline(output: string, baseline: BaselineName, model: Metrics, result: BaselineResult): Warning | null {
  if (result.coverage < 1 || model.RMSE === null || result.RMSE === null || model.RMSE <= result.RMSE) return null;
  return {
    code: 'WORSE_THAN_BASELINE',
    message: `For "${output}" the naive forecast "${baseline}" is better than the model (RMSE ${result.RMSE.toPrecision(4)} against ${model.RMSE.toPrecision(4)}).`,
    context: { output, baseline, rmse_model: model.RMSE, rmse_baseline: result.RMSE },
  };
}

function pickWindows(values: Float64Array, windows: readonly number[], steps: number): Float64Array {
  const picked = new Float64Array(windows.length * steps);
  for (const [place, window] of windows.entries()) picked.set(values.subarray(window * steps, (window + 1) * steps), place * steps);
  return picked;
}

function emptyTable(): Record<BaselineName, [string, BaselineResult | null][]> {
  return { persistence: [], daily: [], weekly: [] };
}
