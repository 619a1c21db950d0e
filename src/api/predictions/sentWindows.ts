import { isObject } from '../http/body';
import { INVALID, lenientNumber } from '../http/lenient';

/** Windows as a client sent them. */
export type SentWindows =
  | { shape: readonly [windows: number, steps: number, features: number]; values: Float64Array; byName?: never }
  /** one window, feature by feature */
  | { byName: ReadonlyMap<string, Float64Array>; values?: never };

/** The first thing that is wrong; `path` lies below `input_data`. */
export interface Complaint {
  complaint: string;
  path: (string | number)[];
}

const MOST_WINDOWS = 1000;

/**
 * Reads one window `number[steps][features]`, several `number[k][steps][features]`, or one by name `{<feature>: number[steps]}`.
 * Every cell is a number, as text too; a model has no use for gaps.
 */
export function readWindows(sent: unknown): SentWindows | Complaint {
  if (isObject(sent)) return readByName(sent);
  if (!isMatrix(sent))
    return complaint('input_data must be a window of numbers (steps × features), a list of windows, or an object of feature names');
  const several = Array.isArray(sent[0]?.[0]);
  const windows: readonly unknown[] = several ? sent : [sent];
  if (windows.length > MOST_WINDOWS) return complaint(`input_data holds ${windows.length} windows, more than ${MOST_WINDOWS}`);
  const first = windows[0] as readonly (readonly unknown[])[];
  const steps = first.length;
  const features = first[0]?.length ?? 0;
  if (features === 0) return complaint('input_data holds no numbers');

  const values = new Float64Array(windows.length * steps * features);
  let at = 0;
  for (const [w, window] of windows.entries()) {
    const place = several ? [w] : [];
    if (!Array.isArray(window) || window.length !== steps)
      return complaint(`input_data is ragged: not every window has ${steps} steps`, place);
    for (const [i, row] of (window as unknown[]).entries()) {
      if (!Array.isArray(row) || row.length !== features)
        return complaint(`input_data is ragged: not every step has ${features} numbers`, [...place, i]);
      for (const [j, cell] of (row as unknown[]).entries()) {
        const value = numberOf(cell);
        if (value === null) return complaint(NOT_NUMERIC, [...place, i, j]);
        values[at] = value;
        at += 1;
      }
    }
  }
  return { shape: [windows.length, steps, features], values };
}

function readByName(columns: Record<string, unknown>): SentWindows | Complaint {
  const byName = new Map<string, Float64Array>();
  for (const [name, cells] of Object.entries(columns)) {
    if (!Array.isArray(cells)) return complaint('input_data must hold a list of numbers for each feature', [name]);
    const numbers = cells.map(numberOf);
    const gap = numbers.indexOf(null);
    if (gap >= 0) return complaint(NOT_NUMERIC, [name, gap]);
    byName.set(name, Float64Array.from(numbers as number[]));
  }
  return byName.size === 0 ? complaint('input_data holds no numbers') : { byName };
}

const NOT_NUMERIC = 'input_data must hold finite numbers only';

const complaint = (text: string, path: (string | number)[] = []): Complaint => ({ complaint: text, path });

const isMatrix = (sent: unknown): sent is unknown[][] => Array.isArray(sent) && Array.isArray(sent[0]);

function numberOf(cell: unknown): number | null {
  const number = lenientNumber(cell);
  return number === INVALID ? null : number;
}
