import type { ForecastArrays, MetricsWithSteps } from '../domain/evaluation';
import { METRIC_NAMES, metrics } from '../domain/metrics';
import type { Metrics } from '../domain/metrics';
import type { Checks } from './checks';
import type { Tolerance } from './tolerances';
import type { PooledFamily } from './types';

/** A truth below this makes the MAPE of two implementations incomparable: the earlier backend leaves such values out. */
const ZERO_TRUTH = 1e-9;

/**
 * The earlier backend's metrics of all outputs in one vector. With one output they are the summary metrics of this system;
 * with more, which this system never pools, the formulas are applied to the pooled vectors here.
 *
 * @param summary this system's metrics of the same arrays
 */
export function comparePooled(
  checks: Checks,
  name: string,
  arrays: ForecastArrays,
  summary: MetricsWithSteps,
  expected: PooledFamily,
  tolerance: Tolerance,
): void {
  const { steps, outputs } = arrays;
  const single = outputs.length === 1;
  const truths = Array.from({ length: steps }, (_, step) => pooledStep(arrays.truth, arrays, step));
  const hasZero = truths.map((truth) => truth.some((value) => Math.abs(value) < ZERO_TRUTH));
  const overall: Metrics = single ? summary : metrics(arrays.truth, arrays.forecast);
  const perStep = truths.map((truth, step) => metrics(truth, pooledStep(arrays.forecast, arrays, step)));

  for (const metric of METRIC_NAMES) {
    const value = expected[metric];
    const incomparable = metric === 'MAPE' && hasZero.includes(true);
    if (value !== undefined && !Array.isArray(value) && !incomparable) checks.close(`${name}.${metric}`, overall[metric], value, tolerance);
    const list = expected[`${metric}_TS`];
    if (!Array.isArray(list)) continue;
    checks.same(`${name}.${metric}_TS length`, steps, list.length);
    for (const [step, wanted] of list.entries()) {
      if (metric === 'MAPE' && hasZero[step]) continue;
      const actual = single ? summary[`${metric}_TS`][step] : perStep[step]?.[metric];
      checks.close(`${name}.${metric}_TS[${step}]`, actual, wanted, tolerance);
    }
  }
}

/** The values of one step: window after window, in each the outputs in order. */
function pooledStep(values: Float64Array, { windows, steps, outputs }: ForecastArrays, step: number): Float64Array {
  const width = outputs.length;
  return Float64Array.from({ length: windows * width }, (_, i) => values[(Math.floor(i / width) * steps + step) * width + (i % width)]!);
}
