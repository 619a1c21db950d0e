import type { DatasetSettings, SeriesSettings } from '../settings/types';
import type { EvaluatedOutput } from './types';

/** The outputs of a data set in column order, with the step width the evaluation tables show (pipeline.md 14.2). */
export function evaluatedOutputs({ series, steps }: DatasetSettings): EvaluatedOutput[] {
  return series
    .filter((one) => one.role === 'output')
    .map((one) => ({ label: one.label, stepMin: evaluationStepMin(one, steps.outputSteps) }));
}

/**
 * Minutes between two steps of an output: the step of its window; the whole horizon for a horizon mean of one step;
 * null for Aktueller Wert and any other single step.
 */
export function evaluationStepMin(series: SeriesSettings, outputSteps: number): number | null {
  if (series.dataForm === 'currentValue') return null;
  const horizonMin = (series.horizonEndH - series.horizonStartH) * 60;
  if (outputSteps > 1) return horizonMin / (outputSteps - 1);
  return series.horizonMean ? horizonMin : null;
}
