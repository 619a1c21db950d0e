import fc from 'fast-check';
import { createCsvParser, statistics } from '../../../src/domain/series';

const MINUTE = 60_000_000;
const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/** A row's instant, and one of the forms it may be written in. */
const FORMS: Record<string, (date: Date, micro: number) => string> = {
  plain: (date) => date.toISOString().slice(0, 19).replace('T', ' '),
  joined: (date) => date.toISOString().slice(0, 19),
  zulu: (date) => `${date.toISOString().slice(0, 19)}Z`,
  ahead: (date) => `${new Date(date.getTime() + 5.5 * 3600e3).toISOString().slice(0, 19)}+05:30`,
  fraction: (date, micro) => `${date.toISOString().slice(0, 19).replace('T', ' ')}.${pad(micro, 6)}`,
};
const EMPTY = ['', 'NaN', 'n/a'];

const number = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: 0, max: 6 })).map(([n, d]) => (n / 1e3).toFixed(d)),
  },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('-0', '+7', '.5', '5.', '0007', '123456789012345', '1234567890123456789', '0.1234567890123456789'),
  },
);
const row = fc.record({
  form: fc.oneof({ weight: 8, arbitrary: fc.constant('plain') }, fc.constantFrom(...Object.keys(FORMS))),
  gapMin: fc.oneof({ weight: 6, arbitrary: fc.constant(15) }, fc.integer({ min: 1, max: 3000 })),
  micro: fc.integer({ min: 0, max: 999_999 }),
  text: fc.oneof({ weight: 9, arbitrary: number }, fc.constantFrom(...EMPTY)),
  padded: fc.boolean(),
  quoted: fc.boolean(),
  blankBefore: fc.boolean(),
});
const rarely = (flag: boolean, row: number) => flag && row % 7 === 3;
const file = fc.record({
  rows: fc.array(row, { minLength: 2, maxLength: 60, size: 'max' }),
  separator: fc.constantFrom(';', '\t', ','),
  end: fc.constantFrom('\n', '\r\n'),
  comma: fc.boolean(),
  endless: fc.boolean(),
});

describe('any file', () => {
  it('has the times and values that Date and Number read from it, however its rows are written and its bytes arrive', () => {
    fc.assert(
      fc.property(
        file,
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
        ({ rows, separator, end, comma, endless }, pieces) => {
          let minute = Date.UTC(2024, 1, 27) * 1000;
          const times: number[] = [];
          const lines = rows.map(({ form, gapMin, micro, text, padded, quoted, blankBefore }, i) => {
            minute += gapMin * MINUTE;
            times.push(minute + (form === 'fraction' ? micro : 0));
            const stamp = FORMS[form]!(new Date(minute / 1000), micro);
            const value = comma && separator !== ',' ? text.replace('.', ',') : text;
            const cell = rarely(quoted, i) ? `"${value}"` : rarely(padded, i) ? ` ${value} ` : value;
            return `${rarely(blankBefore, i) ? end : ''}${stamp}${separator}${cell}`;
          });
          const values = rows.map(({ text }) => (EMPTY.includes(text) ? NaN : Number(text)));
          const bytes = new TextEncoder().encode([`UTC${separator}v`, ...lines].join(end) + (endless ? '' : end));

          const parser = createCsvParser({ fileName: 'f' });
          for (let from = 0, k = 0; from < bytes.length; from += pieces[k++ % pieces.length]!)
            parser.push(bytes.slice(from, from + pieces[k % pieces.length]!));
          const result = parser.end();
          expect(result.ok ? [] : result.findings).toEqual([]);
          if (!result.ok) return;
          expect([...result.csv.times]).toEqual(times);
          expect([...result.csv.values]).toEqual(values);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('names a row by its line in the file, with plain rows before and behind it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 200 }), fc.nat(), fc.constantFrom(...DEFECTS), (count, at, [code, cell]) => {
        const stamp = (i: number) => new Date(Date.UTC(2024, 0, 1) + i * 60_000).toISOString().slice(0, 19).replace('T', ' ');
        const lines = Array.from({ length: count }, (_, i) => `${stamp(i)};${i}`);
        const bad = 11 + (at % (count - 11));
        lines[bad] = cell(stamp(bad), stamp(bad - 1));
        const parser = createCsvParser({ fileName: 'f' });
        parser.push(new TextEncoder().encode(['UTC;v', ...lines, ''].join('\n')));
        const result = parser.end();
        expect(result.ok ? [] : result.findings.map((finding) => [finding.code, finding.row])).toEqual([[code, bad + 2]]);
      }),
    );
  });
});

/** One row that must be refused, made of its time stamp and that of the row before. */
const DEFECTS: [string, (stamp: string, before: string) => string][] = [
  ['CSV_NUMBER', (stamp) => `${stamp};1.2.3`],
  ['CSV_NUMBER', (stamp) => `${stamp};-`],
  ['CSV_NUMBER', (stamp) => `${stamp};.`],
  ['CSV_NUMBER', (stamp) => `${stamp};12x`],
  ['CSV_ROW_LENGTH', (stamp) => `${stamp};1;2`],
  ['CSV_ROW_LENGTH', (stamp) => stamp],
  ['CSV_TIMESTAMP', (stamp) => `${stamp.replace(' ', '_')};1`],
  ['CSV_TIMESTAMP', (stamp) => `${stamp.slice(0, 17)}60;1`],
  ['CSV_TIMESTAMP', (stamp) => `${stamp.slice(0, 11)}24:00:00;1`],
  ['CSV_TIMESTAMP', (stamp) => `2024-02-30${stamp.slice(10)};1`],
  ['CSV_DUPLICATE', (_, before) => `${before};1`],
];

describe('the statistics of any series', () => {
  it('are those of its rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(NaN))), {
          minLength: 2,
        }),
        (drawn) => {
          let time = 0;
          const times = Float64Array.from(drawn, ([gap]) => (time += gap * MINUTE));
          const numeric = drawn.map(([, value]) => value).filter((value) => !Number.isNaN(value));
          const steps = drawn.slice(1).map(([gap]) => gap);
          const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
          const found = statistics({ times, values: Float64Array.from(drawn, ([, value]) => value) });
          expect(found).toMatchObject({
            rowCount: drawn.length,
            numericCount: numeric.length,
            smallestStepMin: Math.min(...steps),
            min: numeric.length > 0 ? Math.min(...numeric) : null,
            max: numeric.length > 0 ? Math.max(...numeric) : null,
          });
          expect(found.meanStepMin).toBeCloseTo(mean, 9);
        },
      ),
    );
  });
});
