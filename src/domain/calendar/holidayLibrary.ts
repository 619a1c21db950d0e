import type Holidays from 'date-holidays';
import type { HolidaysTypes } from 'date-holidays';
import { dayNumber } from './civil';

const DAY_MS = 86_400_000;

/** Years the library is asked for: far outside of them its lunar calendars throw or never end. */
const [FIRST_YEAR, LAST_YEAR] = [1900, 2299];

/** Country and, where it has one, subdivision: `IT`, `DE-BY`. */
const CODE = /^([A-Z]{2})(?:-([A-Z0-9]{1,3}))?$/;

interface Place {
  states?: Record<string, Place>;
  /** subdivisions of countries without states */
  regions?: Record<string, Place>;
}

// Both are loaded when first needed, as they cost a process some 60 ms and 20 MB; what is known can be told from the data alone.
const loadLibrary = () => require('date-holidays') as typeof Holidays;
const loadData = () => (require('date-holidays/data') as { data: { holidays: Record<string, Place> } }).data.holidays;

/**
 * Canonical form of an ISO 3166-1 or 3166-2 code that the library has holidays for; null for any other text.
 * An unknown subdivision of a known country is unknown: the library itself would silently take the country.
 */
export function libraryCalendar(text: string): string | null {
  const code = text.toUpperCase();
  const [, country, subdivision] = CODE.exec(code) ?? [];
  const place = country && child(loadData(), country);
  if (!place) return null;
  return subdivision === undefined || child(place.states ?? place.regions ?? {}, subdivision) ? code : null;
}

function child(places: Record<string, Place>, code: string): Place | undefined {
  return Object.hasOwn(places, code) ? places[code] : undefined;
}

/**
 * Holidays of a country or subdivision by the library (pipeline.md 7): the whole days of type "public".
 *
 * Every date of an event of several days counts, and so does a substitute for a holiday at the weekend, besides the day itself.
 * Hours off on a working day (an afternoon, from noon) do not count. Islamic and Hebrew days are the civil dates they are kept on.
 *
 * @param code  as {@link libraryCalendar} returned it
 * @returns day numbers of a year; empty outside of 1900 … 2299
 */
export function libraryHolidays(code: string): (year: number) => Set<number> {
  const [country, subdivision] = code.split('-') as [string, string | undefined];
  // in UTC every day has 24 hours; the dates do not depend on it
  const options: HolidaysTypes.Options = { types: ['public'], timezone: 'UTC' };
  const Library = loadLibrary();
  const library = subdivision === undefined ? new Library(country, options) : new Library(country, subdivision, options);
  const known = new Map<number, number[]>();
  const daysOfEvents = (year: number) => {
    const days = known.get(year) ?? library.getHolidays(year).flatMap(wholeDays);
    known.set(year, days);
    return days;
  };
  return (year) => {
    if (year < FIRST_YEAR || year > LAST_YEAR) return new Set();
    const [start, end] = [dayNumber(year, 1, 1), dayNumber(year + 1, 1, 1)];
    const days = [...daysOfEvents(year - 1), ...daysOfEvents(year)]; // an event may last over New Year
    return new Set(days.filter((day) => day >= start && day < end));
  };
}

/** `date` is local ("2024-06-16 00:00:00 -0600", its zone telling that the day begins at sunset); start and end are instants. */
function wholeDays({ date, start, end }: HolidaysTypes.Holiday): number[] {
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d) (\S+)/.exec(date) ?? [];
  if (time !== '00:00:00') return [];
  const first = dayNumber(Number(year), Number(month), Number(day));
  return Array.from({ length: Math.floor((end.getTime() - start.getTime()) / DAY_MS) }, (_, index) => first + index);
}
