import type { Finding } from '../findings';
import { formatUtc } from './format';
import { TIMESTAMP_FORMS } from './timestamp';

/** Cell texts in messages are cut: a file may hold anything. */
const CELL_LENGTH = 40;

const HALF_A_CHARACTER = /[\uD800-\uDBFF]$/;

/** Text of a file as it may be shown and stored: a file in UTF-16 is full of NUL characters, which PostgreSQL takes in no text. */
export const withoutNul = (text: string): string => text.replaceAll('\0', '\uFFFD');

const cut = (cell: string): string =>
  withoutNul(cell.length > CELL_LENGTH ? `${cell.slice(0, CELL_LENGTH).replace(HALF_A_CHARACTER, '')}…` : cell);
const names = (columns: readonly string[]) => columns.map((name) => `"${cut(name)}"`).join(', ');

export interface Duplicate {
  time: number;
  /** row of the second of the pair */
  row: number;
}

/** The refusals of pipeline.md 2 and 18, one function per code; every message names the file. */
export function csvFindings(file: string) {
  const cell = (code: 'CSV_TIMESTAMP' | 'CSV_NUMBER', row: number, column: string, text: string, problem: string): Finding => ({
    code,
    message: `${file}, row ${row}, column "${cut(column)}": ${problem}`,
    file,
    row,
    context: { column: cut(column), cell: cut(text) },
  });
  return {
    encoding: (byte: number): Finding => ({
      code: 'CSV_ENCODING',
      message: `${file}: the file is not UTF-8 (byte ${byte})`,
      file,
      context: { byte },
    }),
    separator: (ragged?: { row: number; found: number; expected: number }): Finding => ({
      code: 'CSV_SEPARATOR',
      message:
        `${file}: separator must be ; , or tab; none of them splits the header and the first 10 data lines into the same number of at least 2 fields` +
        (ragged ? ` (row ${ragged.row} has ${ragged.found} fields, the header ${ragged.expected})` : ''),
      file,
      ...(ragged ? { row: ragged.row, context: { ...ragged } } : {}),
    }),
    columns: (columns: readonly string[], row?: number): Finding => ({
      code: 'CSV_COLUMNS',
      message: `${file}: the columns are ${names(columns)}; expected 2; choose one by bezeichnung`,
      file,
      ...(row === undefined ? {} : { row }),
      context: { columns: columns.map(cut) },
    }),
    rowLength: (row: number, found: number, expected: number): Finding => ({
      code: 'CSV_ROW_LENGTH',
      message: `${file}, row ${row}: ${found} fields instead of ${expected}`,
      file,
      row,
      context: { found, expected },
    }),
    lineTooLong: (row: number, limit: number): Finding => ({
      code: 'CSV_ROW_LENGTH',
      message: `${file}, row ${row}: the line is longer than ${limit} bytes`,
      file,
      row,
      context: { limit },
    }),
    timestamp: (row: number, column: string, text: string): Finding =>
      cell(
        'CSV_TIMESTAMP',
        row,
        column,
        text,
        text === ''
          ? `time stamp is missing (accepted: ${TIMESTAMP_FORMS})`
          : `"${cut(text)}" is no valid time stamp (accepted: ${TIMESTAMP_FORMS})`,
      ),
    number: (row: number, column: string, text: string): Finding =>
      cell('CSV_NUMBER', row, column, text, `"${cut(text)}" is no finite number`),
    unsorted: (row: number, previous: number, time: number): Finding => ({
      code: 'CSV_UNSORTED',
      message: `${file}, row ${row}: ${formatUtc(time)} is earlier than the row before it, ${formatUtc(previous)}`,
      file,
      row,
      context: { previous: formatUtc(previous), time: formatUtc(time) },
    }),
    duplicates: (count: number, first: readonly Duplicate[]): Finding => ({
      code: 'CSV_DUPLICATE',
      message:
        `${file}: ${count} ${count === 1 ? 'row repeats' : 'rows repeat'} the time stamp of the row before: ` +
        first.map(({ time, row }) => `${formatUtc(time)} (row ${row})`).join(', ') +
        (count > first.length ? ', …' : ''),
      file,
      row: first[0]!.row,
      context: { count, first: first.map(({ time, row }) => ({ time: formatUtc(time), row })) },
    }),
    tooShort: (rows: number): Finding => ({
      code: 'CSV_TOO_SHORT',
      message: `${file}: ${rows} data ${rows === 1 ? 'row' : 'rows'} found, at least 2 are needed`,
      file,
      context: { rows },
    }),
  };
}

export type CsvFindings = ReturnType<typeof csvFindings>;
