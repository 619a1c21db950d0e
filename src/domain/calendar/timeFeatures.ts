import type { TimeGroup, TimeGroupSettings } from '../settings/types';
import { civilDate, DAY_US, dayOfYear, daysInMonth, isLeapYear, weekday } from './civil';
import { holidayTest, parseHolidayCalendar } from './holidays';
import { createZone } from './zone';

const DAY_S = 86_400;
const YEAR_S = 31_557_600; // 365.25 days
const WEEK_S = 604_800;

type PhaseGroup = Exclude<TimeGroup, 'H'>;

/** Period of each group in UTC mode, seconds; the phases are those of the epoch. */
const PERIOD_S: Record<PhaseGroup, number> = { Y: YEAR_S, M: YEAR_S / 12, W: WEEK_S, D: DAY_S };

/** One column of a time group: its value at an instant (µs, UTC). */
export interface TimeFeature {
  name: string;
  at: (time: number) => number;
  /** the values at the instants origin + i·step, to out[i] */
  fill: (out: Float64Array, origin: number, step: number) => void;
}

/** Names of a group's columns, in array order. */
export function timeFeatureNames(group: TimeGroup): string[] {
  return group === 'H' ? ['Holiday'] : [`${group}_sin`, `${group}_cos`];
}

/**
 * Columns of a time group (pipeline.md 6.3): (sin φ, cos φ), or 0/1 for holidays. Fastest when instants ascend.
 *
 * @param timeZone  IANA zone, used by the local mode
 */
export function timeFeatures(settings: TimeGroupSettings, timeZone: string): TimeFeature[] {
  if (settings.group === 'H') return [feature('Holiday', holidayFeature(settings, timeZone))];
  const [sine, cosine] = timeFeatureNames(settings.group);
  if (settings.localTime) {
    const phase = localPhase(settings.group, timeZone);
    return [feature(sine!, (time) => Math.sin(phase(time))), feature(cosine!, (time) => Math.cos(phase(time)))];
  }
  const period = PERIOD_S[settings.group];
  return [
    feature(sine!, (time) => Math.sin((time / 1e6 / period) * 2 * Math.PI)),
    feature(cosine!, (time) => Math.cos((time / 1e6 / period) * 2 * Math.PI)),
  ];
}

function feature(name: string, at: (time: number) => number): TimeFeature {
  return {
    name,
    at,
    fill: (out, origin, step) => {
      for (let i = 0; i < out.length; i++) out[i] = at(origin + i * step);
    },
  };
}

function localPhase(group: PhaseGroup, timeZone: string): (time: number) => number {
  const zone = createZone(timeZone);
  const wholeDays = DAYS_INTO_PERIOD[group];
  let lastDay = NaN;
  let day = { elapsed: 0, length: 1 };
  return (time) => {
    const local = time + zone.offsetAt(time);
    const number = Math.floor(local / DAY_US);
    if (number !== lastDay) {
      day = wholeDays(number);
      lastDay = number;
    }
    const secondOfDay = Math.floor((local - number * DAY_US) / 1e6); // sub-seconds are ignored in local mode
    return ((day.elapsed * DAY_S + secondOfDay) / (day.length * DAY_S)) * 2 * Math.PI;
  };
}

/** Days gone by since the period's start, and the period's length in days, for a local day number. */
const DAYS_INTO_PERIOD: Record<PhaseGroup, (dayNumber: number) => { elapsed: number; length: number }> = {
  Y: (number) => {
    const date = civilDate(number);
    return { elapsed: dayOfYear(date) - 1, length: isLeapYear(date.year) ? 366 : 365 };
  },
  M: (number) => {
    const date = civilDate(number);
    return { elapsed: date.day - 1, length: daysInMonth(date.year, date.month) };
  },
  W: (number) => ({ elapsed: weekday(number), length: 7 }),
  D: () => ({ elapsed: 0, length: 1 }),
};

function holidayFeature(settings: TimeGroupSettings, timeZone: string): (time: number) => number {
  const calendar = parseHolidayCalendar(settings.holidayCalendar ?? 'AT');
  if (!calendar) throw new RangeError(`no holiday table for ${settings.holidayCalendar}`);
  const isHoliday = holidayTest(calendar);
  const zone = settings.localTime ? createZone(timeZone) : null;
  return (time) => {
    const local = zone ? time + zone.offsetAt(time) : time;
    return isHoliday(Math.floor(local / DAY_US)) ? 1 : 0;
  };
}
