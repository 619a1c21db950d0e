import { formatUtc } from '../domain/series';
import { windowOffset, windowStepMin } from '../domain/settings';
import type { Checks } from './checks';
import type { PreparedData } from './dataset';
import { TOLERANCE } from './tolerances';
import type { Expected } from './types';

type Figure = string | number | null;

/** Statistics of each file and the step of its windows (pipeline.md 3 and 5.2), by role and label. */
export function compareSeries(checks: Checks, { settings, series }: PreparedData, expected: NonNullable<Expected['series']>): void {
  checks.same('series length', series.length, expected.length);
  for (const [index, figures] of expected.entries()) {
    const { bezeichnung, type } = figures;
    const name = `series[${index}]`;
    const at = settings.series.findIndex((one) => one.label === bezeichnung && one.role === type);
    const one = settings.series[at];
    if (!one) {
      checks.fail(name, `there is no ${String(type)} series "${String(bezeichnung)}"`);
      continue;
    }
    const actual = figuresOf(series[at]!.statistics, windowStepMin(one, settings.steps), windowOffset(one, settings.steps));
    for (const [key, value] of Object.entries(figures)) {
      if (key === 'bezeichnung' || key === 'type') continue;
      const got = actual[key];
      if (got === undefined) checks.fail(`${name}.${key}`, 'this figure is not known');
      else if (typeof got === 'number' && typeof value === 'number' && !COUNTS.has(key)) {
        checks.close(`${name}.${key}`, got, value, TOLERANCE.statistics);
      } else checks.same(`${name}.${key}`, got, value);
    }
  }
}

const COUNTS = new Set(['datenpunkte', 'numerischeDatenpunkte', 'numerischerAnteil']);

function figuresOf(
  statistics: PreparedData['series'][number]['statistics'],
  stepMin: number | null,
  offset: Figure,
): Record<string, Figure | undefined> {
  return {
    utcMin: formatUtc(statistics.firstTime),
    utcMax: formatUtc(statistics.lastTime),
    datenpunkte: statistics.rowCount,
    zeitschrittweite: statistics.meanStepMin,
    zeitschrittweiteAvgValue: statistics.meanStepMin,
    zeitschrittweiteMinValue: statistics.smallestStepMin,
    offset: statistics.rowOffset,
    numerischeDatenpunkte: statistics.numericCount,
    numerischerAnteil: statistics.numericShare,
    min: statistics.min,
    max: statistics.max,
    zeitschrittweiteTransferiertenDaten: stepMin,
    offsetTransferiertenDaten: offset,
  };
}
