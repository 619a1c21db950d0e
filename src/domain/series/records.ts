import { splitFields } from './fields';
import type { Fields } from './fields';

const [LF, CR, SPACE] = [10, 13, 32];

/** A quoted field that stays open for longer than this is taken for a stray quote, so that it cannot swallow the file. */
const LONGEST_QUOTED_RECORD = 8192;

/** Place in a block of bytes; reused so that walking allocates nothing. */
export interface RecordCursor {
  /** first byte not yet read */
  position: number;
  /** file line number of `position` */
  line: number;
  /** the record found: its bytes without line end, and the file line it begins on */
  start: number;
  end: number;
  row: number;
}

/**
 * Steps to the next non-blank record and splits it: usually one line, several when a quoted field holds line breaks.
 *
 * @returns 'record' with `cursor` and `fields` filled, 'more' when the bytes end within a line (cursor stays before it), 'end'
 */
export function nextRecord(
  bytes: Uint8Array,
  final: boolean,
  separator: number,
  cursor: RecordCursor,
  fields: Fields,
): 'record' | 'more' | 'end' {
  for (;;) {
    const start = cursor.position;
    if (start >= bytes.length) return final ? 'end' : 'more';
    let lineFeed = bytes.indexOf(LF, start);
    if (lineFeed < 0 && !final) return 'more';
    let end = withoutCarriageReturn(bytes, start, lineFeed < 0 ? bytes.length : lineFeed);
    if (isBlank(bytes, start, end)) {
      cursor.position = lineFeed < 0 ? bytes.length : lineFeed + 1;
      cursor.line++;
      continue;
    }
    splitFields(bytes, start, end, separator, fields);
    let lines = 1;
    if (fields.open) {
      const first = { lineFeed, end };
      while (fields.open && lineFeed >= 0 && lineFeed - start < LONGEST_QUOTED_RECORD) {
        const next = bytes.indexOf(LF, lineFeed + 1);
        if (next < 0 && !final) return 'more';
        lineFeed = next;
        end = withoutCarriageReturn(bytes, start, next < 0 ? bytes.length : next);
        lines++;
        splitFields(bytes, start, end, separator, fields);
      }
      if (fields.open) {
        ({ lineFeed, end } = first);
        lines = 1;
        splitFields(bytes, start, end, separator, fields);
      }
    }
    cursor.start = start;
    cursor.end = end;
    cursor.row = cursor.line;
    cursor.position = lineFeed < 0 ? bytes.length : lineFeed + 1;
    cursor.line += lines;
    return 'record';
  }
}

function withoutCarriageReturn(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === CR ? end - 1 : end;
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== SPACE) return false;
  return true;
}
