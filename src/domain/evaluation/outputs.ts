import { windowStepMin } from '../settings';
import type { DatasetSettings, SeriesSettings, StepConfig } from '../settings';
import type { EvaluatedOutput } from './types';

/** The outputs of a data set in column order, with the step width the evaluation tables show (pipeline.md 14.2). */
export function evaluatedOutputs({ series, steps }: DatasetSettings): EvaluatedOutput[] {
  return series.filter((one) => one.role === 'output').map((one) => ({ label: one.label, stepMin: evaluationStepMin(one, steps) }));
}

/**
 * Minutes between two steps of an output: the step of its window; the whole horizon for a horizon mean of one step;
 * null for Aktueller Wert.
 */
export function evaluationStepMin(series: SeriesSettings, steps: StepConfig): number | null {
  const step = windowStepMin(series, steps);
  if (step !== null || series.dataForm === 'currentValue' || !series.horizonMean) return step;
  return (series.horizonEndH - series.horizonStartH) * 60;
}
