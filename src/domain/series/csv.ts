import type { Finding } from '../findings';
import { csvFindings, withoutNul } from './csvFindings';
import type { CsvFindings, Duplicate } from './csvFindings';
import { createFields } from './fields';
import { readPlainRows } from './plainRows';
import type { RowStore } from './plainRows';
import { createLineCounter } from './lineCounter';
import { nextRecord } from './records';
import type { RecordCursor } from './records';
import { detectSeparator } from './separator';
import type { Separator } from './separator';
import type { RowsSoFar } from './statistics';
import { parseTimestamp } from './timestamp';
import { decodeUtf8, firstInvalidUtf8 } from './utf8';
import { parseValue, UNREADABLE } from './number';

/** Enough to see a pattern; reading stops there. */
const MOST_FINDINGS = 20;
const DUPLICATES_LISTED = 5;
/** No real line is longer; a file without line ends must not be held in memory as a whole. */
const LONGEST_LINE = 1024 * 1024;
const FIRST_CAPACITY = 4096;
const NOTHING = new Uint8Array(0);
const LF = 10;
/** Rows differ a little in length. */
const SPARE = 1.02;
/** Rows so far say little about those of a file many times as long. */
const BOLDEST_GROWTH = 64;

export interface CsvOptions {
  /** named in every message */
  fileName: string;
  /** `bezeichnung` of the series: chooses among several value columns */
  label?: string | null;
  /** bytes of the whole file, where they are known: the columns then need not grow again and again */
  size?: number;
}

export interface ParsedCsv {
  /** µs since 1970 UTC, strictly ascending */
  times: Float64Array;
  /** NaN = missing */
  values: Float64Array;
  /** header names, without trailing empty columns */
  columns: string[];
  /** header of the value column */
  columnHeader: string;
  separator: Separator;
  rowCount: number;
}

export type CsvResult =
  | { ok: true; csv: ParsedCsv }
  /** `rowCount` of an unreadable file: rows up to the finding that ended the reading, and data lines behind it */
  | { ok: false; findings: Finding[]; columns: string[]; separator: Separator | null; rowCount: number };

/** Parses a whole file; see {@link createCsvParser}. */
export function parseCsv(bytes: Uint8Array, options: CsvOptions): CsvResult {
  const parser = createCsvParser(options);
  parser.push(bytes);
  return parser.end();
}

export interface CsvParser {
  /** Takes the next bytes of the file, cut anywhere; they are not kept beyond the call. */
  push(chunk: Uint8Array): void;
  /** the rows read so far; what they say counts only if the result is `ok` */
  rowsSoFar(): RowsSoFar;
  end(): CsvResult;
}

/** Parser for one file fed in pieces (pipeline.md 2). Memory: the parsed columns, up to twice their size while they grow, and one unfinished line. */
export function createCsvParser(options: CsvOptions): CsvParser {
  const reader = new CsvReader(options);
  const unread = createLineCounter();
  let rest = new Uint8Array(0);

  /** Reads on while that has a purpose; what is left is kept, or only counted. */
  const take = (bytes: Uint8Array, final: boolean): void => {
    const left = reader.stopped ? bytes : bytes.subarray(reader.read(bytes, final));
    if (reader.stopped) unread.add(left);
    rest = reader.stopped ? NOTHING : left.slice();
  };

  return {
    push(chunk) {
      if (rest.length === 0) return take(chunk, false);
      // the line that was cut is read by itself: only when more is open, a quoted cell, is all of the chunk copied behind it
      const lineEnd = reader.begun ? chunk.indexOf(LF) + 1 : 0;
      const line = joined(rest, chunk.subarray(0, lineEnd));
      const used = lineEnd > 0 ? reader.read(line, false) : 0;
      const after = chunk.subarray(lineEnd);
      take(used === line.length ? after : joined(line.subarray(used), after), false);
    },
    rowsSoFar: () => reader.rows,
    end() {
      take(rest, true);
      return reader.result(unread.count);
    },
  };
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

class CsvReader {
  stopped = false;
  readonly rows: RowStore = {
    times: new Float64Array(FIRST_CAPACITY),
    values: new Float64Array(FIRST_CAPACITY),
    count: 0,
    previousTime: NaN,
  };
  private readonly refuse: CsvFindings;
  private readonly findings: Finding[] = [];
  private readonly fields = createFields();
  private readonly cursor: RecordCursor = { position: 0, line: 1, start: 0, end: 0, row: 0 };
  private bytesBefore = 0;
  private separator: Separator | null = null;
  private separatorCode = 0;
  private decimalComma = false;

  private headerFields = 0;
  private columns: string[] = [];
  private timeHeader = '';
  private valueColumn = 1;
  /** columns from here on have no header and must be empty; +∞ = the value column was chosen by label, others do not matter */
  private emptyFrom = Infinity;
  private valueCellSeen = false;

  private duplicateCount = 0;
  private readonly duplicates: Duplicate[] = [];

  constructor(private readonly options: CsvOptions) {
    this.refuse = csvFindings(options.fileName);
  }

  /** whether the separator is known: until then the first lines are looked at together */
  get begun(): boolean {
    return this.separator !== null;
  }

  /** Reads all complete records of `bytes`; returns how many bytes are done with, in a file that is given up as well. */
  read(bytes: Uint8Array, final: boolean): number {
    const start = this.bytesBefore === 0 ? byteOrderMark(bytes, final) : 0;
    if (start < 0) return 0;
    const end = final ? bytes.length : bytes.lastIndexOf(LF) + 1;
    if (end === 0 && !final) return this.waitForLineEnd(bytes);
    const invalid = firstInvalidUtf8(bytes, start, end);
    if (invalid >= 0) {
      this.stop(this.refuse.encoding(this.bytesBefore + invalid));
      return 0;
    }
    const used = start + this.readRecords(bytes.subarray(start, end), final);
    this.bytesBefore += used;
    if (!final && bytes.length - used > LONGEST_LINE && !this.stopped) this.waitForLineEnd(bytes.subarray(used));
    return used;
  }

  /** @param unread  lines behind the point where reading stopped, the header among them when it was not reached */
  result(unread: number): CsvResult {
    if (!this.stopped) this.finish();
    const { columns, separator, findings } = this;
    const { count: rowCount } = this.rows;
    if (findings.length > 0 || separator === null) {
      const header = this.headerFields === 0 && unread > 0 ? 1 : 0;
      return { ok: false, findings, columns, separator, rowCount: rowCount + unread - header };
    }
    const columnHeader = columns[this.valueColumn] ?? '';
    const [times, values] = [this.rows.times.subarray(0, rowCount), this.rows.values.subarray(0, rowCount)];
    return { ok: true, csv: { times, values, columns, columnHeader, separator, rowCount } };
  }

  private waitForLineEnd(bytes: Uint8Array): number {
    if (bytes.length > LONGEST_LINE) this.stop(this.refuse.lineTooLong(this.cursor.line, LONGEST_LINE));
    return 0;
  }

  private readRecords(bytes: Uint8Array, final: boolean): number {
    const { cursor, fields } = this;
    if (this.separator === null && !this.begin(bytes, final)) return 0;
    cursor.position = 0;
    this.readPlainRows(bytes);
    while (!this.stopped && nextRecord(bytes, final, this.separatorCode, cursor, fields) === 'record') {
      if (this.headerFields === 0) this.readHeader(bytes);
      else this.readRow(bytes);
      this.readPlainRows(bytes);
    }
    return cursor.position;
  }

  /** Takes the rows from here that need no closer look; the next record is another one, or there is none. */
  private readPlainRows(bytes: Uint8Array): void {
    const { cursor, rows, separatorCode, decimalComma } = this;
    // a value column without a name counts only once a value was seen
    if (this.headerFields !== 2 || !(this.valueCellSeen || this.columns[1] !== '')) return;
    let before: number;
    do {
      before = rows.count;
      if (rows.count === rows.times.length) this.grow(bytes);
      cursor.position = readPlainRows(bytes, cursor.position, separatorCode, decimalComma, rows);
      cursor.line += rows.count - before;
    } while (rows.count > before && rows.count === rows.times.length);
  }

  /** Detects the separator; false while the first lines are not complete, or when reading stops. */
  private begin(bytes: Uint8Array, final: boolean): boolean {
    if (isEmpty(bytes)) {
      if (final) this.stop(this.refuse.tooShort(0));
      return false;
    }
    const detection = detectSeparator(bytes, final);
    if (detection.kind === 'more') return false;
    if (detection.kind === 'none') {
      this.report(this.refuse.separator(detection.ragged));
      if (detection.likely === null) {
        this.stopped = true;
        return false;
      }
    }
    this.separator = detection.kind === 'found' ? detection.separator : detection.likely!;
    this.separatorCode = this.separator.charCodeAt(0);
    this.decimalComma = this.separator !== ',';
    return true;
  }

  private readHeader(bytes: Uint8Array): void {
    const names = Array.from({ length: this.fields.count }, (_, index) => withoutNul(this.cellText(bytes, index)).normalize('NFC'));
    this.headerFields = names.length;
    let named = names.length;
    while (named > 2 && names[named - 1] === '') named--;
    this.columns = names.slice(0, named);
    this.timeHeader = names[0] ?? '';
    const wanted = (this.options.label ?? '').normalize('NFC').trim();
    const matches = names.flatMap((name, index) => (index > 0 && wanted !== '' && name === wanted ? [index] : []));
    if (matches.length === 1) this.valueColumn = matches[0]!;
    else if (named > 2) this.stop(this.refuse.columns(this.columns));
    else this.emptyFrom = named;
  }

  private readRow(bytes: Uint8Array): void {
    const { fields, cursor } = this;
    if (this.rows.count === this.rows.times.length) this.grow(bytes);
    this.rows.count++;
    if (fields.count !== this.headerFields) {
      this.report(this.refuse.rowLength(cursor.row, fields.count, this.headerFields));
      return;
    }
    const time = parseTimestamp(bytes, fields.starts[0]!, fields.ends[0]!);
    if (Number.isNaN(time)) this.report(this.refuse.timestamp(cursor.row, this.timeHeader, this.cellText(bytes, 0)));
    else this.checkOrder(time);

    const [start, end] = [fields.starts[this.valueColumn]!, fields.ends[this.valueColumn]!];
    const value = parseValue(bytes, start, end, this.decimalComma);
    if (value === UNREADABLE)
      this.report(this.refuse.number(cursor.row, this.columns[this.valueColumn] ?? '', this.cellText(bytes, this.valueColumn)));
    if (end > start) this.valueCellSeen = true;
    for (let i = this.emptyFrom; i < fields.count; i++) {
      if (fields.ends[i]! > fields.starts[i]!) {
        this.stop(
          this.refuse.columns(
            Array.from({ length: fields.count }, (_, index) => this.columns[index] ?? ''),
            cursor.row,
          ),
        );
        return;
      }
    }
    const index = this.rows.count - 1;
    this.rows.times[index] = time;
    this.rows.values[index] = value;
  }

  private checkOrder(time: number): void {
    const { row } = this.cursor;
    const { previousTime } = this.rows;
    if (time < previousTime) this.report(this.refuse.unsorted(row, previousTime, time));
    else if (time === previousTime) {
      this.duplicateCount++;
      if (this.duplicates.length < DUPLICATES_LISTED) this.duplicates.push({ time, row });
    }
    this.rows.previousTime = time;
  }

  /** Room for as many rows as the bytes let expect, at hand or of the whole file; at least twice as many as before. */
  private grow(bytes: Uint8Array): void {
    const { rows } = this;
    const perByte = rows.count / (this.bytesBefore + this.cursor.position);
    const rowsIn = (size: number): number => Math.ceil(size * perByte * SPARE);
    const wholeFile = Math.min(rowsIn(this.options.size ?? 0), rows.count * BOLDEST_GROWTH);
    const capacity = Math.max(rows.count * 2, rowsIn(this.bytesBefore + bytes.length), wholeFile);
    rows.times = enlarged(rows.times, capacity);
    rows.values = enlarged(rows.values, capacity);
  }

  private finish(): void {
    this.stopped = true;
    if (this.duplicateCount > 0) this.findings.push(this.refuse.duplicates(this.duplicateCount, this.duplicates));
    if (this.rows.count < 2) this.findings.push(this.refuse.tooShort(this.rows.count));
    else if (!this.valueCellSeen && this.columns[this.valueColumn] === '' && this.findings.length === 0)
      this.findings.push(this.refuse.columns(this.columns.slice(0, 1)));
  }

  private cellText(bytes: Uint8Array, index: number): string {
    const text = decodeUtf8(bytes, this.fields.starts[index]!, this.fields.ends[index]!);
    return this.fields.quoted[index] ? text.replaceAll('""', '"') : text;
  }

  private report(finding: Finding): void {
    this.findings.push(finding);
    if (this.findings.length >= MOST_FINDINGS) this.stopped = true;
  }

  private stop(finding: Finding): void {
    this.findings.push(finding);
    this.stopped = true;
  }
}

/** Length of the byte-order mark, 0 without one, −1 while too few bytes are there to tell. */
function byteOrderMark(bytes: Uint8Array, final: boolean): number {
  if (bytes.length < 3 && !final) return bytes.length > 0 && bytes[0] !== 0xef ? 0 : -1;
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function isEmpty(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 32 || byte === 10 || byte === 13);
}

function enlarged(array: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(array);
  return larger;
}
