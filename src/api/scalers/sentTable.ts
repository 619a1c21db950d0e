import { isObject } from '../http/body';
import { INVALID, lenientNumber } from '../http/lenient';

/** Numbers as a client sent them, column by column; NaN = null. */
export type SentTable =
  { rows: number; byName: ReadonlyMap<string, Float64Array>; inOrder?: never } | { rows: number; inOrder: Float64Array[]; byName?: never };

/** @param path below `input_data` */
export type Complain = (message: string, path: readonly (string | number)[]) => void;

/** A table with one thing wrong has it wrong in every row; nobody reads more. */
const MOST_COMPLAINTS = 20;

/**
 * Reads `number[][]` (rows × features) or `{<feature name>: number[]}` (http-api route 36). Numbers may come as text, null and "" are no value.
 * @returns null after a complaint
 */
export function readTable(sent: unknown, complain: Complain): SentTable | null {
  const complaints = new Complaints(complain);
  const table = isObject(sent)
    ? readByName(sent, complaints)
    : Array.isArray(sent)
      ? readRows(sent, complaints)
      : complaints.add('input_data must be rows of numbers, or an object of feature names', []);
  return complaints.count > 0 ? null : table;
}

function readRows(rows: readonly unknown[], complaints: Complaints): SentTable | null {
  const [first] = rows;
  if (rows.length === 0 || (Array.isArray(first) && first.length === 0)) return complaints.add('input_data holds no numbers', []);
  if (!Array.isArray(first)) return complaints.add(NOT_TWO_DIMENSIONAL, [0]);
  const inOrder = first.map(() => new Float64Array(rows.length));
  rows.forEach((row, i) => {
    if (!Array.isArray(row)) complaints.add(NOT_TWO_DIMENSIONAL, [i]);
    else if (row.length !== inOrder.length)
      complaints.add(`input_data is ragged: row ${i} has ${row.length} numbers, row 0 has ${inOrder.length}`, [i]);
    else for (let j = 0; j < inOrder.length; j += 1) inOrder[j]![i] = cell(row[j], complaints, i, j);
  });
  return { rows: rows.length, inOrder };
}

function readByName(columns: Record<string, unknown>, complaints: Complaints): SentTable | null {
  const entries = Object.entries(columns);
  const rows = Array.isArray(entries[0]?.[1]) ? entries[0][1].length : 0;
  if (entries.length === 0) return complaints.add('input_data holds no numbers', []);
  const byName = new Map<string, Float64Array>();
  for (const [name, values] of entries) {
    if (!Array.isArray(values)) complaints.add('input_data must hold a list of numbers for each feature', [name]);
    else if (values.length !== rows) complaints.add(`input_data is ragged: its features have ${rows} and ${values.length} numbers`, [name]);
    else if (rows === 0) complaints.add('input_data holds no numbers', [name]);
    else
      byName.set(
        name,
        Float64Array.from(values, (value: unknown, i) => cell(value, complaints, name, i)),
      );
  }
  return { rows, byName };
}

function cell(value: unknown, complaints: Complaints, ...path: readonly (string | number)[]): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value; // a number like 1e999 is read as Infinity
  const number = lenientNumber(value);
  if (number === null) return NaN;
  if (number !== INVALID) return number;
  complaints.add('input_data must be numeric', path);
  return NaN;
}

const NOT_TWO_DIMENSIONAL = 'input_data must be two-dimensional (rows × features)';

class Complaints {
  count = 0;

  constructor(private readonly complain: Complain) {}

  add(message: string, path: readonly (string | number)[]): null {
    this.count += 1;
    if (this.count <= MOST_COMPLAINTS) this.complain(message, path);
    return null;
  }
}
