const [QUOTE, SPACE] = [34, 32];

/**
 * Field boundaries of one record, reused from row to row so that splitting allocates nothing.
 * Field i is `bytes[starts[i] … ends[i])`, trimmed of spaces and, when quoted, of its quotes.
 */
export interface Fields {
  count: number;
  starts: number[];
  ends: number[];
  /** field i stood in quotes (a doubled quote inside stands for one) */
  quoted: boolean[];
  /** a quoted field was still open at the end: the record goes on in the next line */
  open: boolean;
}

export function createFields(): Fields {
  return { count: 0, starts: [], ends: [], quoted: [], open: false };
}

/** Splits a record by RFC 4180; text after a closing quote counts as unquoted text of that field. */
export function splitFields(bytes: Uint8Array, start: number, end: number, separator: number, into: Fields): void {
  into.count = 0;
  into.open = false;
  let i = start;
  for (;;) {
    while (i < end && bytes[i] === SPACE) i++;
    const fieldStart = i;
    let quotedEnd = -1;
    if (i < end && bytes[i] === QUOTE) {
      quotedEnd = closingQuote(bytes, i + 1, end);
      if (quotedEnd < 0) {
        into.open = true;
        quotedEnd = end;
      }
      i = quotedEnd;
    }
    while (i < end && bytes[i] !== separator) i++;
    let fieldEnd = i;
    while (fieldEnd > fieldStart && bytes[fieldEnd - 1] === SPACE) fieldEnd--;
    const wholeQuoted = quotedEnd >= 0 && fieldEnd === quotedEnd + 1;
    into.starts[into.count] = wholeQuoted ? fieldStart + 1 : fieldStart;
    into.ends[into.count] = wholeQuoted ? quotedEnd : fieldEnd;
    into.quoted[into.count] = wholeQuoted;
    if (wholeQuoted) trimInside(bytes, into, into.count);
    into.count++;
    if (i >= end) return;
    i++;
  }
}

/** Position of the quote that ends the field, doubled quotes skipped; −1 when there is none. */
function closingQuote(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== QUOTE) continue;
    if (i + 1 < end && bytes[i + 1] === QUOTE) i++;
    else return i;
  }
  return -1;
}

function trimInside(bytes: Uint8Array, fields: Fields, index: number): void {
  let start = fields.starts[index]!;
  let end = fields.ends[index]!;
  while (start < end && bytes[start] === SPACE) start++;
  while (end > start && bytes[end - 1] === SPACE) end--;
  fields.starts[index] = start;
  fields.ends[index] = end;
}
