import { civilDate } from './civil';
import { libraryCalendar, libraryHolidays } from './holidayLibrary';
import { isTableCalendar, tableHolidays } from './holidayTables';

const GERMAN_NAMES: Readonly<Record<string, string>> = { österreich: 'AT', deutschland: 'DE', schweiz: 'CH' };

/** Values a user may write, for messages. */
export const HOLIDAY_CALENDAR_EXAMPLES = [
  'Österreich',
  'Deutschland',
  'Schweiz',
  'AT',
  'DE',
  'CH',
  'AT-9',
  'DE-BY',
  'CH-ZH',
  'IT',
] as const;

/** Canonical calendar of a `land` text (German name or ISO 3166 code, any case); null when unknown. */
export function parseHolidayCalendar(text: string): string | null {
  const key = text.normalize('NFC').trim();
  const name = key.toLowerCase();
  if (Object.hasOwn(GERMAN_NAMES, name)) return GERMAN_NAMES[name]!;
  const code = key.toUpperCase();
  return isTableCalendar(code) ? code : libraryCalendar(code);
}

/** Day numbers of the holidays of a year, for a canonical calendar; coinciding days count once. */
export function holidaysOf(calendar: string): (year: number) => Set<number> {
  return isTableCalendar(calendar) ? (year) => tableHolidays(calendar, year) : libraryHolidays(calendar);
}

/** Membership test that works out each year once. */
export function holidayTest(calendar: string): (dayNumber: number) => boolean {
  const holidays = holidaysOf(calendar);
  const years = new Map<number, Set<number>>();
  let lastDay = NaN;
  let lastAnswer = false;
  return (day) => {
    if (day === lastDay) return lastAnswer;
    const { year } = civilDate(day);
    let days = years.get(year);
    if (!days) {
      days = holidays(year);
      years.set(year, days);
    }
    lastDay = day;
    lastAnswer = days.has(day);
    return lastAnswer;
  };
}
