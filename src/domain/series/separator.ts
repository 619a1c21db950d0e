import { createFields } from './fields';
import type { Fields } from './fields';
import { nextRecord } from './records';
import type { RecordCursor } from './records';

export type Separator = ';' | '\t' | ',';

/** In order of preference. */
const SEPARATORS: readonly Separator[] = [';', '\t', ','];
/** Header and the first 10 data lines decide. */
const LINES_LOOKED_AT = 11;

export type Detection =
  | { kind: 'more' }
  | { kind: 'found'; separator: Separator }
  /** `likely` splits the header and most lines, but not all alike */
  | { kind: 'none'; likely: Separator | null; ragged?: { row: number; found: number; expected: number } };

interface Trial {
  complete: boolean;
  lines: number;
  expected: number;
  ragged?: { row: number; found: number; expected: number };
}

/**
 * Finds the separator of a file's first lines.
 *
 * @param final  no further bytes follow; otherwise `more` asks for them until 11 lines are there
 */
export function detectSeparator(bytes: Uint8Array, final: boolean): Detection {
  const fields = createFields();
  let best: { separator: Separator; trial: Trial } | null = null;
  for (const separator of SEPARATORS) {
    const trial = tryOut(bytes, final, separator, fields);
    if (!trial.complete) return { kind: 'more' };
    if (trial.expected < 2) continue;
    if (!trial.ragged) return { kind: 'found', separator };
    if (!best || trial.lines > best.trial.lines) best = { separator, trial };
  }
  return best?.trial.ragged ? { kind: 'none', likely: best.separator, ragged: best.trial.ragged } : { kind: 'none', likely: null };
}

function tryOut(bytes: Uint8Array, final: boolean, separator: Separator, fields: Fields): Trial {
  const cursor: RecordCursor = { position: 0, line: 1, start: 0, end: 0, row: 0 };
  const trial: Trial = { complete: true, lines: 0, expected: 0 };
  const code = separator.charCodeAt(0);
  while (trial.lines < LINES_LOOKED_AT) {
    const state = nextRecord(bytes, final, code, cursor, fields);
    if (state === 'end') return trial;
    if (state === 'more') return { ...trial, complete: false };
    if (trial.lines === 0) trial.expected = fields.count;
    else if (fields.count !== trial.expected)
      return { ...trial, ragged: { row: cursor.row, found: fields.count, expected: trial.expected } };
    trial.lines++;
  }
  return trial;
}
