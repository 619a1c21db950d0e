import { DAY_US } from './civil';

const SECOND_US = 1_000_000;

/** Rules of one IANA time zone. */
export interface Zone {
  readonly name: string;
  /** µs to add to a UTC instant (µs) to get the wall clock */
  offsetAt(time: number): number;
}

/** True for a name the runtime's zone database knows; bare offsets like `+01:00` are no IANA names. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Offsets within one UTC day: constant, or changing once at `change`. */
interface DayOffsets {
  before: number;
  /** first instant with `after`; +∞ when the day has no change */
  change: number;
  after: number;
}

/**
 * Zone whose offsets are looked up day by day and kept: asking Intl takes microseconds, far too long for every instant of a dataset.
 * No zone has ever changed its offset twice within a UTC day.
 */
export function createZone(name: string): Zone {
  const ask = intlOffset(name);
  const days = new Map<number, DayOffsets>();
  let lastDay = NaN;
  let last: DayOffsets = { before: 0, change: Infinity, after: 0 };

  const offsetsOf = (day: number): DayOffsets => {
    const known = days.get(day);
    if (known) return known;
    const [start, end] = [day * DAY_US, (day + 1) * DAY_US];
    const before = days.get(day - 1)?.after ?? ask(start);
    const after = ask(end);
    const offsets = { before, change: before === after ? Infinity : firstInstantWith(after, start, end, ask), after };
    days.set(day, offsets);
    return offsets;
  };

  return {
    name,
    offsetAt(time) {
      const day = Math.floor(time / DAY_US);
      if (day !== lastDay) {
        last = offsetsOf(day);
        lastDay = day;
      }
      return time < last.change ? last.before : last.after;
    },
  };
}

/** Bisects the change of a day to the second, the grain of the zone database. */
function firstInstantWith(offset: number, start: number, end: number, ask: (time: number) => number): number {
  let low = start;
  let high = end;
  while (high - low > SECOND_US) {
    const middle = low + Math.floor((high - low) / 2 / SECOND_US) * SECOND_US;
    if (ask(middle) === offset) high = middle;
    else low = middle;
  }
  return high;
}

/** Offset by comparing the wall clock that Intl shows with the instant. */
function intlOffset(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (time) => {
    const seconds = Math.floor(time / SECOND_US);
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(seconds * 1000)) part[type] = value;
    const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
    const wall = new Date(0);
    wall.setUTCFullYear(year, Number(part['month']) - 1, Number(part['day']));
    wall.setUTCHours(Number(part['hour']), Number(part['minute']), Number(part['second']));
    return wall.getTime() * 1000 - seconds * SECOND_US;
  };
}
