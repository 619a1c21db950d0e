import { DAY_US, dayNumber, daysInMonth } from '../calendar';

const [ZERO, COLON, DASH, PLUS, DOT, SPACE, T, Z] = [48, 58, 45, 43, 46, 32, 84, 90];

/** Forms named in refusals. */
export const TIMESTAMP_FORMS = 'YYYY-MM-DD HH:MM[:SS[.ffffff]] with optional Z or ±HH:MM';

// Rows of one day follow each other, so the day number of the last date is kept (a pure function's memory, not a setting).
let lastDateKey = -1;
let lastDayStart = 0;

/**
 * Reads a time stamp of pipeline.md 2 from bytes; without a zone it is UTC.
 *
 * @returns µs since 1970-01-01T00:00:00Z (fractions beyond the microsecond are cut); NaN when the text is no valid time stamp
 */
export function parseTimestamp(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 16) return NaN;
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  const joint = bytes[start + 10];
  if (bytes[start + 13] !== COLON || (joint !== SPACE && joint !== T)) return NaN;
  // NaN from a non-digit fails every comparison
  if (!(hour <= 23 && minute <= 59)) return NaN;
  const dayStart = startOfDate(bytes, start);
  if (Number.isNaN(dayStart)) return NaN;

  let i = start + 16;
  let time = dayStart + (hour * 60 + minute) * 60_000_000;
  if (i < end && bytes[i] === COLON) {
    const second = i + 3 <= end ? digits(bytes, i + 1, 2) : NaN;
    if (!(second <= 59)) return NaN;
    time += second * 1_000_000;
    i += 3;
    if (i < end && bytes[i] === DOT) {
      const first = i + 1;
      let scale = 100_000;
      for (i = first; i < end && isDigit(bytes[i]!); i++) {
        time += (bytes[i]! - ZERO) * Math.floor(scale);
        scale /= 10;
      }
      if (i === first || i - first > 9) return NaN;
    }
  }
  return i === end ? time : time - zoneOffset(bytes, i, end);
}

/** Midnight of the date `YYYY-MM-DD` that begins at `start`, µs; NaN when there is none. */
export function startOfDate(bytes: Uint8Array, start: number): number {
  if (bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return NaN;
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  const key = (year * 100 + month) * 100 + day;
  if (key === lastDateKey) return lastDayStart;
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return NaN;
  lastDateKey = key;
  lastDayStart = dayNumber(year, month, day) * DAY_US;
  return lastDayStart;
}

/** `Z`, `±HH`, `±HHMM` or `±HH:MM` filling the rest of the text, in µs; NaN otherwise. */
function zoneOffset(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const sign = bytes[start];
  if (sign === Z) return length === 1 ? 0 : NaN;
  if (sign !== PLUS && sign !== DASH) return NaN;
  const withColon = length === 6 && bytes[start + 3] === COLON;
  if (length !== 3 && length !== 5 && !withColon) return NaN;
  const hours = digits(bytes, start + 1, 2);
  const minutes = length === 3 ? 0 : digits(bytes, withColon ? start + 4 : start + 3, 2);
  if (!(hours <= 23 && minutes <= 59)) return NaN;
  return (sign === PLUS ? 1 : -1) * (hours * 60 + minutes) * 60_000_000;
}

/** Value of `count` digits; NaN when one is no digit. */
function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) {
    const byte = bytes[i]!;
    if (!isDigit(byte)) return NaN;
    value = value * 10 + byte - ZERO;
  }
  return value;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}
