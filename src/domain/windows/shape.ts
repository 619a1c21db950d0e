import { stepsOf } from '../settings/windowStep';
import type { SeriesSettings, StepConfig, TimeGroupSettings } from '../settings/types';
import { hoursUs } from './units';

/** A window relative to its reference time, µs, and its number of points. */
export interface WindowShape {
  startUs: number;
  endUs: number;
  steps: number;
}

/** What of a series' settings decides where its windows lie. */
export type HorizonSettings = Pick<SeriesSettings, 'role' | 'dataForm' | 'horizonStartH' | 'horizonEndH'>;

/** Part of time a series' rule looks at; Aktueller Wert looks at the reference time only. */
export function seriesShape(series: HorizonSettings, config: StepConfig): WindowShape {
  const steps = stepsOf(series.role, config);
  if (series.dataForm === 'currentValue') return { startUs: 0, endUs: 0, steps };
  return { startUs: hoursUs(series.horizonStartH), endUs: hoursUs(series.horizonEndH), steps };
}

/** The same for a time group. */
export function timeGroupShape(group: TimeGroupSettings, config: StepConfig): WindowShape {
  if (group.dataForm === 'current') return { startUs: 0, endUs: 0, steps: config.inputSteps };
  return { startUs: hoursUs(group.horizonStartH), endUs: hoursUs(group.horizonEndH), steps: config.inputSteps };
}

/**
 * Instants of a window relative to its reference time (pipeline.md 8.3): a + round((b − a)·k/(N − 1)).
 * The product comes before the division, so a point that falls on a row time hits it exactly.
 *
 * @returns N offsets in µs; all `startUs` when N is 1 or the window has no length
 */
export function windowOffsets({ startUs, endUs, steps }: WindowShape): Float64Array {
  const offsets = new Float64Array(steps).fill(startUs);
  for (let k = 1; k < steps; k++) offsets[k] = startUs + Math.round(((endUs - startUs) * k) / (steps - 1));
  return offsets;
}
