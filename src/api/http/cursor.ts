import { parseUuid } from './ids';

/** Place in a list that is ordered by time, then id, both descending. */
export interface Cursor {
  /** UTC, as precise as it was sent */
  time: string;
  id: string | null;
}

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(\.\d{1,6})?)?(?:Z|([+-])(\d{2}):?(\d{2}))?)?$/;
const MAX_OFFSET_MIN = 16 * 60;

/** `next_before` of a page: the time with all its digits (rows made in one millisecond differ below it) and the id. */
export const formatCursor = (createdAt: string, id: string): string => `${createdAt.replace(/\+00(:00)?$/, 'Z')}_${id}`;

/** A cursor of an earlier page, or an ISO time (UTC unless it says otherwise); null = unreadable. */
export function parseCursor(text: string): Cursor | null {
  const [sent = '', id, ...rest] = text.trim().split('_');
  // a plus sign that was not encoded arrives as a blank
  const time = utcTime(sent.replace(/(?<=:[\d.]+) (?=\d{2}:?\d{2}$)/, '+'));
  if (rest.length > 0 || time === null || (id !== undefined && parseUuid(id) === null)) return null;
  return { time, id: id ?? null };
}

/** null for what the calendar or the database does not know: 30 February, 25 o'clock, the year 0, an offset of 16 hours. */
function utcTime(text: string): string | null {
  const [matched, date, clock = '00:00', second = '00', fraction = '', sign = '+', hours = '0', minutes = '0'] = TIME.exec(text) ?? [];
  if (matched === undefined) return null;
  const local = `${date}T${clock}:${second}`;
  const millis = Date.parse(`${local}Z`);
  const offset = Number(hours) * 60 + Number(minutes);
  if (Number.isNaN(millis) || !new Date(millis).toISOString().startsWith(local)) return null;
  if (offset >= MAX_OFFSET_MIN || Number(minutes) > 59) return null;
  const utc = new Date(millis - (sign === '-' ? -offset : offset) * 60_000).toISOString();
  return /^(?!0000)\d{4}-/.test(utc) ? `${utc.slice(0, 19)}${fraction}Z` : null;
}
