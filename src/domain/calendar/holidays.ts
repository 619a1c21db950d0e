import { civilDate, dayNumber } from './civil';

/** Calendars computed here; the text is the canonical name stored in settings. */
export type HolidayCalendar = 'AT' | 'DE' | 'CH';

interface CalendarRules {
  /** [month, day] */
  fixed: readonly (readonly [number, number])[];
  /** days after Easter Sunday */
  easter: readonly number[];
}

/** pipeline.md 7; Germany: nationwide days, Switzerland: days of most cantons. */
const RULES: Record<HolidayCalendar, CalendarRules> = {
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

const NAMES: Readonly<Record<string, HolidayCalendar>> = {
  österreich: 'AT',
  at: 'AT',
  deutschland: 'DE',
  de: 'DE',
  schweiz: 'CH',
  ch: 'CH',
};

/** Values a user may write, for messages. */
export const HOLIDAY_CALENDAR_EXAMPLES = ['Österreich', 'Deutschland', 'Schweiz', 'AT', 'DE', 'CH'] as const;

/** Canonical calendar of a `land` text (German name or code, any case); null when unknown. */
export function parseHolidayCalendar(text: string): HolidayCalendar | null {
  const key = text.normalize('NFC').trim().toLowerCase();
  return Object.hasOwn(NAMES, key) ? NAMES[key]! : null;
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

/** Day numbers of one year's holidays; coinciding days count once. */
export function holidaysOfYear(calendar: HolidayCalendar, year: number): Set<number> {
  const { fixed, easter } = RULES[calendar];
  const sunday = easterSunday(year);
  return new Set([...fixed.map(([month, day]) => dayNumber(year, month, day)), ...easter.map((days) => sunday + days)]);
}

/** Membership test that works out each year once. */
export function holidayTest(calendar: HolidayCalendar): (dayNumber: number) => boolean {
  const years = new Map<number, Set<number>>();
  let lastDay = NaN;
  let lastAnswer = false;
  return (day) => {
    if (day === lastDay) return lastAnswer;
    const { year } = civilDate(day);
    let days = years.get(year);
    if (!days) {
      days = holidaysOfYear(calendar, year);
      years.set(year, days);
    }
    lastDay = day;
    lastAnswer = days.has(day);
    return lastAnswer;
  };
}
