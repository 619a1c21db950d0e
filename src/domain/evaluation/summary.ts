import type { Warning } from '../findings';
import { meanOverOutputs, METRIC_NAMES } from '../metrics';
import type { Metrics } from '../metrics';
import { stepColumns } from './blocks';
import { columnMetrics } from './columnMetrics';
import type { ColumnMetrics } from './columnMetrics';
import { stepTable } from './tables';
import type { ForecastArrays, MetricsWithSteps, StepListName, SummaryMetrics } from './types';
import { zeroTruthWarning } from './zeroTruth';
import type { ZeroTruthPlace } from './zeroTruth';

export interface Summary {
  /** null when there are no windows */
  metrics: SummaryMetrics | null;
  warnings: Warning[];
}

/**
 * Summary metrics of one part in one unit (pipeline.md 14.6). Each output is computed on its own and never interleaved with another;
 * the top level is the unweighted mean over outputs, null where one output's value is null.
 */
export function summaryMetrics(arrays: ForecastArrays, family: ZeroTruthPlace['family']): Summary {
  if (arrays.windows === 0) return { metrics: null, warnings: [] };
  const warnings: Warning[] = [];
  const perOutput: (ColumnMetrics & { label: string })[] = arrays.outputs.map(({ label }, index) => {
    const columns = stepColumns(arrays, index);
    const warning = zeroTruthWarning({ output: label, level: 1, family }, columns.truth);
    if (warning) warnings.push(warning);
    return { label, ...columnMetrics(columns) };
  });

  const overall = meanMetrics(perOutput.map((output) => output.overall));
  const perStep = Array.from({ length: arrays.steps }, (_, step) => meanMetrics(perOutput.map((output) => output.perStep[step]!)));
  return {
    metrics: {
      ...withSteps(overall, perStep),
      per_output: Object.fromEntries(perOutput.map((output) => [output.label, withSteps(output.overall, output.perStep)])),
    },
    warnings,
  };
}

function meanMetrics(perOutput: readonly Metrics[]): Metrics {
  return Object.fromEntries(METRIC_NAMES.map((name) => [name, meanOverOutputs(perOutput, name)])) as Metrics;
}

function withSteps(overall: Metrics, perStep: readonly Metrics[]): MetricsWithSteps {
  const lists = stepTable(perStep);
  const named = Object.fromEntries(METRIC_NAMES.map((name) => [`${name}_TS`, lists[name]])) as Record<StepListName, (number | null)[]>;
  return { ...overall, ...named };
}
