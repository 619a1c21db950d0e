import { errorSums, MACHINE_EPSILON, sumOfSteps } from './sums';
import type { ErrorSums } from './sums';
import type { MetricName, Metrics } from './types';

/** Below this share of mean|y| the naive error of MASE is rounding noise of a constant truth. */
const NAIVE_ERROR_NOISE = 1e-12;

/**
 * The eight error measures of one forecast (pipeline.md 14.3), with e = f − y:
 *
 *     MAE   = mean|e|                          MSE  = mean e²,  RMSE = √MSE
 *     MAPE  = 100 · mean(|e| / max(|y|, ε))    NRMSE = RMSE / mean(y)
 *     WAPE  = 100 · Σ|e| / Σ|y|                MASE = MAE / mean|y_t − y_(t−1)|
 *     sMAPE = (100/n) · Σ |e| / ((|y| + |f|)/2)
 *
 * @param truth     y, n values in test order
 * @param forecast  f, n values in the same order and unit
 * @returns MAPE, WAPE, sMAPE in percent, NRMSE and MASE as ratios; null where a value is undefined or not finite
 * @throws RangeError when the lengths differ
 */
export function metrics(truth: Float64Array, forecast: Float64Array): Metrics {
  if (truth.length !== forecast.length) {
    throw new RangeError(`truth has ${truth.length} values, forecast ${forecast.length}`);
  }
  return metricsOf(errorSums(truth, forecast), sumOfSteps(truth));
}

/**
 * The same from sums taken beforehand.
 *
 * @param steps Σ|y_t − y_(t−1)| over the n − 1 neighbours in test order
 */
export function metricsOf(sums: ErrorSums, steps: number): Metrics {
  return {
    MAE: meanAbsoluteError(sums),
    MAPE: meanAbsolutePercentageError(sums),
    MSE: meanSquaredError(sums),
    RMSE: rootMeanSquaredError(sums),
    NRMSE: normalisedRootMeanSquaredError(sums),
    WAPE: weightedAbsolutePercentageError(sums),
    sMAPE: symmetricMeanAbsolutePercentageError(sums),
    MASE: meanAbsoluteScaledError(sums, steps),
  };
}

/** Unweighted mean of the same metric over several outputs; null as soon as one of them is null (pipeline.md 14.6). */
export function meanOverOutputs(perOutput: readonly Metrics[], name: MetricName): number | null {
  let sum = 0;
  for (const one of perOutput) {
    const value = one[name];
    if (value === null) return null;
    sum += value;
  }
  return perOutput.length === 0 ? null : finite(sum / perOutput.length);
}

const meanAbsoluteError = ({ absoluteError, count }: ErrorSums) => finite(absoluteError / count);

const meanAbsolutePercentageError = ({ relativeError, count }: ErrorSums) => finite((100 * relativeError) / count);

const meanSquaredError = ({ squaredError, count }: ErrorSums) => finite(squaredError / count);

const rootMeanSquaredError = ({ squaredError, count }: ErrorSums) => finite(Math.sqrt(squaredError / count));

/** Undefined for a truth of mean 0; a sum that only rounding keeps from 0 counts as 0. */
function normalisedRootMeanSquaredError({ squaredError, truth, absoluteTruth, count }: ErrorSums): number | null {
  if (Math.abs(truth) <= MACHINE_EPSILON * absoluteTruth) return null;
  return finite(Math.sqrt(squaredError / count) / (truth / count));
}

function weightedAbsolutePercentageError({ absoluteError, absoluteTruth }: ErrorSums): number | null {
  return absoluteTruth === 0 ? null : finite((100 * absoluteError) / absoluteTruth);
}

const symmetricMeanAbsolutePercentageError = ({ symmetricError, count }: ErrorSums) => finite((100 * symmetricError) / count);

/** @see Hyndman & Koehler (2006), "Another look at measures of forecast accuracy"; season 1 */
function meanAbsoluteScaledError({ absoluteError, absoluteTruth, count }: ErrorSums, steps: number): number | null {
  if (count < 2) return null;
  const naive = steps / (count - 1);
  if (naive <= NAIVE_ERROR_NOISE * (absoluteTruth / count)) return null;
  return finite(absoluteError / count / naive);
}

/** 0/0 of an empty vector and overflow are undefined values, not numbers. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
