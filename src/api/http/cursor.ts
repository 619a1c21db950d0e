import { parseUuid } from './ids';

/** Place in a list that is ordered by time, then id, both descending. */
export interface Cursor {
  time: string;
  id: string | null;
}

const TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** `next_before` of a page: the time with all its digits (rows made in one millisecond differ below it) and the id. */
export const formatCursor = (createdAt: string, id: string): string => `${createdAt.replace(/\+00(:00)?$/, 'Z')}_${id}`;

/** A cursor of an earlier page, or an ISO time (UTC unless it says otherwise); null = unreadable. */
export function parseCursor(text: string): Cursor | null {
  const [time = '', id, ...rest] = text.trim().split('_');
  // a plus sign that was not encoded arrives as a blank
  const zoned = time.replace(/ (?=\d{2}:?\d{2}$)/, '+');
  if (rest.length > 0 || !TIME.test(zoned) || Number.isNaN(Date.parse(zoned))) return null;
  if (id !== undefined && parseUuid(id) === null) return null;
  return {
    time: /Z$|[+-]\d{2}:?\d{2}$/.test(zoned.slice(10)) ? zoned : `${zoned}${zoned.length === 10 ? 'T00:00:00Z' : 'Z'}`,
    id: id ?? null,
  };
}
