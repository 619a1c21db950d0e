import { civilDate, DAY_US } from '../calendar';
import type { SeriesStatistics } from './types';

const two = (value: number) => String(value).padStart(2, '0');

/** `YYYY-MM-DD HH:MM:SS` in UTC of an instant in µs, with a fraction (no trailing zeros) only if there is one. */
export function formatUtc(time: number): string {
  const dayNumber = Math.floor(time / DAY_US);
  const { year, month, day } = civilDate(dayNumber);
  const inDay = time - dayNumber * DAY_US;
  const seconds = Math.floor(inDay / 1e6);
  const fraction = inDay - seconds * 1e6;
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${date} ${clock}${fraction ? `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}` : ''}`;
}

/** Statistics as the text columns of `files`. */
export interface StatisticsText {
  utc_min: string;
  utc_max: string;
  zeitschrittweite: string;
  zeitschrittweite_mittelwert: string;
  zeitschrittweite_min: string;
  min: string | null;
  max: string | null;
  offset: string;
  datenpunkte: string;
  numerische_datenpunkte: string;
  numerischer_anteil: string;
}

/** Canonical decimal texts: the shortest that read back as the same numbers (data-model.md 1). */
export function statisticsText(statistics: SeriesStatistics): StatisticsText {
  return {
    utc_min: formatUtc(statistics.firstTime),
    utc_max: formatUtc(statistics.lastTime),
    zeitschrittweite: String(statistics.meanStepMin),
    zeitschrittweite_mittelwert: String(statistics.meanStepMin),
    zeitschrittweite_min: String(statistics.smallestStepMin),
    min: statistics.min === null ? null : String(statistics.min),
    max: statistics.max === null ? null : String(statistics.max),
    offset: String(statistics.rowOffset),
    datenpunkte: String(statistics.rowCount),
    numerische_datenpunkte: String(statistics.numericCount),
    numerischer_anteil: String(statistics.numericShare),
  };
}
