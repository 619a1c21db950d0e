import { createCsvParser, parseCsv } from '../../../src/domain/series';
import type { CsvResult } from '../../../src/domain/series';

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, label?: string) => parseCsv(bytes(text), { fileName: 'load.csv', ...(label === undefined ? {} : { label }) });
const good = (result: CsvResult) => {
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.csv;
};
const findings = (result: CsvResult) => (result.ok ? [] : result.findings);
const codes = (result: CsvResult) => findings(result).map(({ code }) => code);
const utc = (text: string) => Date.parse(text) * 1000;

/** A file of one value cell per row, a minute apart. */
const column = (...cells: string[]) => 'UTC;v\n' + cells.map((cell, i) => `2024-01-01 00:${String(i).padStart(2, '0')};${cell}`).join('\n');
const values = (...cells: string[]) => [...good(parse(column(...cells))).values];
/** A file of the given time stamps. */
const rows = (...stamps: string[]) => 'UTC;v\n' + stamps.map((stamp) => `${stamp};1`).join('\n');
const times = (...stamps: string[]) => [...good(parse(rows(...stamps))).times];

describe('the number of rows of a file that cannot be read', () => {
  const lines = (row: (i: number) => string, header = 'UTC;v'): string =>
    [header, '', ...Array.from({ length: 50 }, (_, i) => row(i)), ' ', ''].join('\n');
  const minute = (i: number) => `2024-01-01 00:${String(i).padStart(2, '0')}`;
  const files: Record<string, Uint8Array> = {
    'text for numbers': bytes(lines((i) => `${minute(i)};x`)),
    'descending time stamps': bytes(lines((i) => `${minute(59 - i)};1`)),
    'no separator': bytes(lines((i) => `${minute(i)} 1`, 'UTC v')),
    'three columns': bytes(lines((i) => `${minute(i)};1;2`, 'UTC;v;w')),
    'one bad cell': bytes(lines((i) => `${minute(i)};${i === 40 ? 'x' : 1}`)),
    'bytes that are no UTF-8': Buffer.concat([
      Buffer.from('\ufeff'),
      bytes(lines((i) => `${minute(i)};1`).slice(0, -3)),
      Buffer.from([0x0a, 0xff, 0x0a]),
    ]),
    'a line that never ends': bytes(lines((i) => `${minute(i)};${i === 49 ? 'x'.repeat(1024 * 1024 + 10) : 1}`)),
  };

  it.each(Object.entries(files))('counts all lines with data: %s', (name, content) => {
    const expected = name.startsWith('bytes') ? 51 : 50;
    for (const size of [7, 1000, content.length]) {
      const parser = createCsvParser({ fileName: 'load.csv' });
      for (let at = 0; at < content.length; at += size) parser.push(content.subarray(at, at + size));
      expect([size, parser.end()]).toMatchObject([size, { ok: false, rowCount: expected }]);
    }
  });

  it('is 0 without a data line', () => {
    expect(parse('UTC v')).toMatchObject({ ok: false, rowCount: 0 });
    expect(parse('')).toMatchObject({ ok: false, rowCount: 0 });
  });
});

describe('CSV input (pipeline.md 2)', () => {
  it('keeps header names in NFC', () => {
    expect(good(parse('UTC;u\u0308\n2023-09-13 13:27:00;1\n2023-09-13 13:30:00;2\n'))).toMatchObject({
      columns: ['UTC', 'ü'],
      columnHeader: 'ü',
    });
  });

  it('reads a plain file', () => {
    const csv = good(parse('UTC;Leistung\n2023-09-13 13:27:00;0.25\n2023-09-13 13:30:00;0.24\n'));
    expect(csv).toMatchObject({ columns: ['UTC', 'Leistung'], columnHeader: 'Leistung', separator: ';', rowCount: 2 });
    expect([...csv.times]).toEqual([utc('2023-09-13T13:27:00Z'), utc('2023-09-13T13:30:00Z')]);
    expect([...csv.values]).toEqual([0.25, 0.24]);
  });

  it.each([
    ['a byte-order mark, CRLF and no last line end', '\ufeffUTC;v\r\n2024-01-01 00:00;1\r\n2024-01-01 00:15;2'],
    ['blank lines', '\nUTC;v\n\n2024-01-01 00:00;1\n   \n2024-01-01 00:15;2\n\n'],
    ['tabs', 'UTC\tv\n2024-01-01 00:00\t1\n2024-01-01 00:15\t2\n'],
    ['commas', 'UTC,v\n2024-01-01 00:00,1\n2024-01-01 00:15,2\n'],
    ['quotes and spaces', '"UTC" ; "v"\n "2024-01-01 00:00" ;"1"\n2024-01-01 00:15 ; " 2 "\n'],
    ['empty trailing columns', 'UTC;v;;\n2024-01-01 00:00;1;;\n2024-01-01 00:15;2;;\n'],
  ])('accepts %s', (_, text) => {
    const csv = good(parse(text));
    expect([csv.columns, [...csv.times], [...csv.values]]).toEqual([
      ['UTC', 'v'],
      [utc('2024-01-01T00:00Z'), utc('2024-01-01T00:15Z')],
      [1, 2],
    ]);
  });

  it('prefers the semicolon where several separators would do', () => {
    expect(good(parse('UTC;a,b\n2024-01-01 00:00;1,5\n2024-01-01 00:15;2,5\n'))).toMatchObject({
      separator: ';',
      values: new Float64Array([1.5, 2.5]),
    });
  });

  it('reads a quoted header with separator, quote and line break, counting file lines', () => {
    const text = 'UTC;"a ""b"";\nc"\n2024-01-01 00:00;1\n2024-01-01 00:15;x\n';
    const result = parse(text);
    expect(findings(result)).toMatchObject([{ code: 'CSV_NUMBER', row: 4, context: { column: 'a "b";\nc', cell: 'x' } }]);
  });

  it.each([
    ['2024-01-01T10:20', '2024-01-01T10:20:00Z'],
    ['2024-01-01 10:20:30', '2024-01-01T10:20:30Z'],
    ['2024-01-01 10:20:30Z', '2024-01-01T10:20:30Z'],
    ['2024-01-01 10:20+02:00', '2024-01-01T08:20:00Z'],
    ['2024-01-01T10:20:30-0530', '2024-01-01T15:50:30Z'],
    ['2024-01-01 00:20+01', '2023-12-31T23:20:00Z'],
    ['2024-02-29 23:59:59', '2024-02-29T23:59:59Z'],
    ['1899-03-01 00:00', '1899-03-01T00:00:00Z'],
  ])('reads the time stamp %s', (stamp, expected) => expect(times(stamp, '2200-01-01 00:00')[0]).toBe(utc(expected)));

  it('cuts fractions of a second to microseconds', () => {
    const start = utc('2024-01-01T00:00:00Z');
    expect(times('2024-01-01 00:00:00.5', '2024-01-01 00:00:00.623456789+00:00')).toEqual([start + 500_000, start + 623_456]);
  });

  it.each([
    '2024-02-30 00:00',
    '2023-02-29 00:00',
    '2024-13-01 00:00',
    '2024-00-10 00:00',
    '2024-01-01 24:00',
    '2024-01-01 00:60',
    '2024-01-01 00:00:60',
    '2024-01-01',
    '2024-1-1 00:00',
    '01.01.2024 00:00',
    '2024-01-01 00:00:00.',
    '2024-01-01 00:00:00.1234567890',
    '2024-01-01  00:00',
    '2024-01-01 00:00 Z',
    '2024-01-01 00:00z',
    '2024-01-01 00:00+2',
    '2024-01-01 00:00+02:60',
    '2024/01/01 00:00',
    '2024-01-01 0a:00',
    '',
  ])('refuses the time stamp "%s" with row, column and cell', (stamp) => {
    const result = parse(rows('2020-01-01 00:00', stamp, '2030-01-01 00:00'));
    expect(findings(result)).toMatchObject([{ code: 'CSV_TIMESTAMP', file: 'load.csv', row: 3, context: { column: 'UTC', cell: stamp } }]);
  });

  it.each([
    ['1', 1],
    ['-1.5', -1.5],
    ['+2', 2],
    ['1,5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1.5E-3', 0.0015],
    ['1,5e+2', 150],
    ['007', 7],
    ['1e-320', 1e-320],
    ['5.827000141143799', 5.827000141143799],
    ['17.305000305175778', 17.305000305175778],
    ['0.1234567890123456789', Number('0.1234567890123456789')],
    ['9007199254740993', 9007199254740992],
    ['123456789012345678901234567890', Number('123456789012345678901234567890')],
    ['1e-400', 0],
  ])('reads the number %s as the nearest double', (cell, expected) => expect(values(cell, '0')[0]).toBe(expected));

  it('reads every double back from its shortest text', () => {
    const numbers = Array.from({ length: 50 }, (_, i) => Math.sin(i + 1) * 10 ** (((i * 13) % 40) - 20));
    expect(values(...numbers.map(String))).toEqual(numbers);
  });

  it.each([
    '',
    '#N/A',
    '#N/A N/A',
    '#NA',
    '-1.#IND',
    '-1.#QNAN',
    '-NaN',
    '-nan',
    '1.#IND',
    '1.#QNAN',
    '<NA>',
    'N/A',
    'NA',
    'NULL',
    'NaN',
    'None',
    'n/a',
    'nan',
    'null',
  ])('takes "%s" for a missing value', (cell) => expect(values(cell, '1')).toEqual([NaN, 1]));

  it.each([
    'abc',
    '1.000,5',
    '1,000.5',
    '1 000',
    '1e',
    '1e+',
    '--1',
    'inf',
    'Infinity',
    '-inf',
    '1e999',
    '0x10',
    '1_0',
    'Nan',
    'NONE',
    '.',
    '-',
    '1.2.3',
    'ä',
  ])('refuses the cell "%s" with row, column and text', (cell) => {
    expect(findings(parse(column('1', '2', cell)))).toMatchObject([{ code: 'CSV_NUMBER', row: 4, context: { column: 'v', cell } }]);
  });

  it('knows no decimal comma in a comma-separated file', () => {
    expect(findings(parse('UTC,v\n2024-01-01 00:00,1\n2024-01-01 00:01,"2,5"\n'))).toMatchObject([
      { code: 'CSV_NUMBER', row: 3, context: { cell: '2,5' } },
    ]);
  });

  it('cuts long cells in messages', () => {
    const [finding] = findings(parse(column('1', 'x'.repeat(500))));
    expect(finding!.message.length).toBeLessThan(150);
  });

  it('names every bad cell at once, at most 20', () => {
    expect(codes(parse(column('1', 'a', '2', 'b')))).toEqual(['CSV_NUMBER', 'CSV_NUMBER']);
    expect(codes(parse(column(...Array<string>(50).fill('x'))))).toHaveLength(20);
  });

  it('chooses the value column by its label', () => {
    const text = 'UTC;a;b\n2024-01-01 00:00;1;10\n2024-01-01 00:15;x;20\n';
    expect(good(parse(text, 'b'))).toMatchObject({ columnHeader: 'b', columns: ['UTC', 'a', 'b'], values: new Float64Array([10, 20]) });
    expect(findings(parse(text, 'c'))).toMatchObject([{ code: 'CSV_COLUMNS', context: { columns: ['UTC', 'a', 'b'] } }]);
    expect(codes(parse(text))).toEqual(['CSV_COLUMNS']);
    expect(codes(parse(text.replace('a;b', 'b;b'), 'b'))).toEqual(['CSV_COLUMNS']);
  });

  it('does not drop a trailing column without header that holds something', () => {
    expect(findings(parse('UTC;v;\n2024-01-01 00:00;1;\n2024-01-01 00:15;2;3\n'))).toMatchObject([{ code: 'CSV_COLUMNS', row: 3 }]);
    expect(codes(parse('UTC;\n2024-01-01 00:00;\n2024-01-01 00:15;\n'))).toEqual(['CSV_COLUMNS']);
    expect(good(parse('UTC;\n2024-01-01 00:00;1\n2024-01-01 00:15;2\n')).columnHeader).toBe('');
  });

  it('refuses a ragged row after the lines that decide the separator', () => {
    const text = column(...Array.from({ length: 30 }, (_, i) => String(i))) + '\n2024-01-02 00:00;1;2\n2024-01-03 00:00;1\n';
    expect(findings(parse(text))).toMatchObject([{ code: 'CSV_ROW_LENGTH', row: 32, context: { found: 3, expected: 2 } }]);
  });

  it('finds no separator when the first ten lines disagree, and says which row', () => {
    expect(findings(parse('UTC;v\n2024-01-01 00:00;1\n2024-01-01 00:15;2;3\n'))).toMatchObject([
      { code: 'CSV_SEPARATOR', row: 3 },
      { code: 'CSV_ROW_LENGTH', row: 3 },
    ]);
    expect(codes(parse('value\n1\n2\n'))).toEqual(['CSV_SEPARATOR']);
  });

  it('refuses rows that go back in time, with both stamps', () => {
    const result = parse(rows('2024-01-01 00:00', '2024-01-01 00:30', '2024-01-01 00:15', '2024-01-01 00:45'));
    expect(findings(result)).toMatchObject([
      { code: 'CSV_UNSORTED', row: 4, context: { previous: '2024-01-01 00:30:00', time: '2024-01-01 00:15:00' } },
    ]);
  });

  it('lists the first five repeated instants with the row of the second of each pair', () => {
    const stamps = Array.from({ length: 7 }, (_, i) => `2024-01-01 00:0${i}`).flatMap((stamp) => [stamp, stamp]);
    const [finding, ...others] = findings(parse(rows(...stamps)));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'CSV_DUPLICATE', context: { count: 7 } });
    expect((finding!.context!['first'] as { row: number }[]).map(({ row }) => row)).toEqual([3, 5, 7, 9, 11]);
  });

  it('compares instants, not texts, when it looks for repetitions', () => {
    expect(codes(parse(rows('2024-01-01 01:00', '2024-01-01 02:00+01:00')))).toEqual(['CSV_DUPLICATE']);
  });

  it.each([
    ['', 0],
    ['\n\n', 0],
    ['UTC;v\n', 0],
    ['UTC;v\n2024-01-01 00:00;1\n', 1],
  ])('refuses %j: too short', (text, found) => {
    expect(findings(parse(text))).toMatchObject([{ code: 'CSV_TOO_SHORT', context: { rows: found } }]);
  });

  it.each([
    ['a byte that begins nothing', [0x55, 0x3b, 0xff, 0x0a], 2],
    ['Latin-1', [0x55, 0x3b, 0xfc, 0x0a, 0x31], 2],
    ['a cut sequence', [0x55, 0x3b, 0xc3], 2],
    ['an overlong form', [0x55, 0xc0, 0xaf, 0x0a], 1],
    ['a surrogate', [0x55, 0xed, 0xa0, 0x80, 0x0a], 1],
    ['UTF-16', [0xff, 0xfe, 0x55, 0x00], 0],
  ])('refuses %s with the byte position', (_, content, position) => {
    expect(findings(parseCsv(Uint8Array.from(content), { fileName: 'load.csv' }))).toMatchObject([
      { code: 'CSV_ENCODING', context: { byte: position } },
    ]);
  });

  it('counts the byte position from the start of the file, whatever the pieces', () => {
    const parser = createCsvParser({ fileName: 'load.csv' });
    const text = bytes(column(...Array<string>(40).fill('1')) + '\n');
    parser.push(text.subarray(0, 300));
    parser.push(text.subarray(300));
    parser.push(Uint8Array.from([0x80, 0x0a]));
    expect(findings(parser.end())).toMatchObject([{ code: 'CSV_ENCODING', context: { byte: text.length } }]);
  });

  it('accepts every well-formed character', () => {
    expect(good(parse('UTC;Öl–Temp. °C 😀 \u0800\uffff\n2024-01-01 00:00;1\n2024-01-01 00:15;2\n')).columnHeader).toBe(
      'Öl–Temp. °C 😀 \u0800\uffff',
    );
  });

  it.each([0, 1, 2_000_000, 1e12])('gives the same rows of a file said to have %d bytes', (size) => {
    const start = Date.UTC(2024, 0, 1);
    const rows = Array.from({ length: 20_000 }, (_, i) => `${new Date(start + i * 60_000).toISOString().slice(0, 19)};${i}`);
    const text = bytes(`UTC;load\n${rows.join('\n')}\n`);
    const parser = createCsvParser({ fileName: 'a.csv', label: 'load', size });
    for (let at = 0; at < text.length; at += 50_000) parser.push(text.subarray(at, at + 50_000));
    const result = parser.end();
    if (!result.ok) throw new Error('refused');
    expect([result.csv.times.length, result.csv.times[19_999]]).toEqual([20_000, (start + 19_999 * 60_000) * 1000]);
    expect(result.csv.values.every((value, i) => value === i)).toBe(true);
  });

  it.each([1, 2, 3, 7, 64])('gives the same result in pieces of %d bytes', (size) => {
    const text =
      '\ufeffUTC;"Last; °C"\r\n\r\n' +
      Array.from({ length: 60 }, (_, i) => `2024-01-01 00:${String(i).padStart(2, '0')};${i % 7 ? i / 8 : 'NaN'}\r\n`).join('');
    const parser = createCsvParser({ fileName: 'load.csv' });
    for (let i = 0; i < bytes(text).length; i += size) parser.push(bytes(text).slice(i, i + size));
    expect(parser.end()).toEqual(parse(text));
  });

  it.each([1, 5, 16, 40, 1000])('finds cells with line ends in pieces of %d bytes', (size) => {
    const text =
      'UTC;x;"a\nb"\n' + Array.from({ length: 50 }, (_, i) => `2024-01-01 00:${String(i).padStart(2, '0')};${i};"c\n\n;d"\n`).join('');
    const parser = createCsvParser({ fileName: 'load.csv', label: 'x' });
    for (let i = 0; i < text.length; i += size) parser.push(bytes(text.slice(i, i + size)));
    const result = parser.end();
    expect(result).toEqual(parseCsv(bytes(text), { fileName: 'load.csv', label: 'x' }));
    expect(result).toMatchObject({ ok: true, csv: { rowCount: 50 } });
  });

  it('does not gather a file without line ends', () => {
    const parser = createCsvParser({ fileName: 'load.csv' });
    for (let i = 0; i < 3; i++) parser.push(new Uint8Array(1024 * 1024).fill(65));
    expect(findings(parser.end())).toMatchObject([{ code: 'CSV_ROW_LENGTH', row: 1 }]);
  });
});
