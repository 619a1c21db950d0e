import type { Role, SeriesSettings, StepConfig } from './types';

const ROUNDING = 1e-9;

/** N of a role. */
export function stepsOf(role: Role, steps: StepConfig): number {
  return role === 'input' ? steps.inputSteps : steps.outputSteps;
}

type Horizon = Pick<SeriesSettings, 'role' | 'dataForm' | 'horizonStartH' | 'horizonEndH'>;

/**
 * Step of the transferred data in minutes (pipeline.md 5.2):
 *
 *     delt_transf = (th_end − th_strt)·60/(N − 1)
 *
 * @returns null where a window has no step (Aktueller Wert, N = 1)
 */
export function windowStepMin(series: Horizon, steps: StepConfig): number | null {
  const count = stepsOf(series.role, steps);
  if (series.dataForm === 'currentValue' || count === 1) return null;
  return ((series.horizonEndH - series.horizonStartH) * 60) / (count - 1);
}

/**
 * Offset of the transferred data in minutes, by the formula of the client's script (pipeline.md 5.2); informational,
 * the true phase of the points is (OFST + frac·60) mod delt_transf.
 *
 * @returns 'var' when the step does not divide the hour, null where there is no step
 */
export function windowOffset(series: Horizon, steps: StepConfig): number | 'var' | null {
  const step = windowStepMin(series, steps);
  if (step === null) return null;
  if (!Number.isInteger(60 / step)) return 'var';
  const fraction = series.horizonStartH - Math.floor(series.horizonStartH);
  const offset = (steps.referenceOffsetMin - fraction * 60 + 60) % step;
  return Math.abs(offset) <= ROUNDING || Math.abs(offset - step) <= ROUNDING ? 0 : offset;
}
