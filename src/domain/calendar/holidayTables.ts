import { dayNumber } from './civil';

interface CalendarRules {
  /** [month, day] */
  fixed: readonly (readonly [number, number])[];
  /** days after Easter Sunday */
  easter: readonly number[];
}

/** Calendars written down here. */
export type TableCalendar = 'AT' | 'DE' | 'CH';

/** pipeline.md 7; Germany: nationwide days, Switzerland: days of most cantons. */
const RULES: Record<TableCalendar, CalendarRules> = {
  AT: {
    fixed: [
      [1, 1],
      [1, 6],
      [5, 1],
      [8, 15],
      [10, 26],
      [11, 1],
      [12, 8],
      [12, 25],
      [12, 26],
    ],
    easter: [1, 39, 50, 60],
  },
  DE: {
    fixed: [
      [1, 1],
      [5, 1],
      [10, 3],
      [12, 25],
      [12, 26],
    ],
    easter: [-2, 1, 39, 50],
  },
  CH: {
    fixed: [
      [1, 1],
      [8, 1],
      [12, 25],
    ],
    easter: [-2, 1, 39, 50],
  },
};

export function isTableCalendar(calendar: string): calendar is TableCalendar {
  return Object.hasOwn(RULES, calendar);
}

/** Day numbers of one year's holidays; coinciding days count once. */
export function tableHolidays(calendar: TableCalendar, year: number): Set<number> {
  const { fixed, easter } = RULES[calendar];
  const sunday = easterSunday(year);
  return new Set([...fixed.map(([month, day]) => dayNumber(year, month, day)), ...easter.map((days) => sunday + days)]);
}

/**
 * Day number of Easter Sunday.
 *
 * @see "Anonymous Gregorian algorithm" (Meeus, Jones, Butcher)
 */
export function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayNumber(year, Math.floor(n / 31), (n % 31) + 1);
}
