import fc from 'fast-check';
import { openSession, sendChunk } from '../../acceptance/scenario';
import type { Body, User } from '../../acceptance/scenario';
import { api, signUpUser } from '../../support';
import { fuzz, mustBeClear } from '../support';

const CASES = 2000;
const LANES = 8;

const stamp = (row: number): string => new Date(Date.UTC(2024, 0, 1) + row * 900_000).toISOString().slice(0, 19).replace('T', ' ');
const clean = fc
  .record({ rows: fc.integer({ min: 0, max: 12 }), separator: fc.constantFrom(';', ',', '\t'), end: fc.constantFrom('\n', '\r\n') })
  .map(({ rows, separator, end }) =>
    [`UTC${separator}load`, ...Array.from({ length: rows }, (_, row) => `${stamp(row)}${separator}${row * 1.5}`), ''].join(end),
  );

const MARKS = [
  '',
  '"',
  '""',
  ';',
  ',',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  '\0',
  '\uFEFF',
  ' ',
  'NaN',
  'inf',
  '1e999',
  '-0',
  '1,5',
  '1.000,5',
];
const TIMES = [
  '2024-02-30 00:00:00',
  '2024-01-01T24:00',
  '0000-01-01 00:00',
  '9999-12-31 23:59:59.999999',
  '2024-01-01 00:00:00+99:99',
  '01.02.2024',
];
const snippet = fc.oneof(fc.constantFrom(...MARKS, ...TIMES), fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 4 }));

/** Where in the text (as a fraction), how much of it goes, and what comes instead. */
const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.integer({ min: 0, max: 30 }), put: snippet });
const changed = fc.tuple(clean, fc.array(change, { minLength: 1, maxLength: 4 })).map(([text, changes]) =>
  changes.reduce((now, { at, drop, put }) => {
    const from = Math.floor(at * now.length);
    return now.slice(0, from) + put + now.slice(from + drop);
  }, text),
);

const bytes = fc.oneof(
  { weight: 8, arbitrary: changed.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: changed.map((text) => Buffer.from(text, 'utf16le')) },
  { weight: 1, arbitrary: changed.map((text) => Buffer.from(text, 'latin1')) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((noise) => Buffer.from(noise)) },
);

describe('a CSV file whatever its bytes', () => {
  let user: User;
  let sessions: string[];
  beforeAll(async () => {
    user = await signUpUser();
    sessions = await Promise.all(Array.from({ length: LANES }, () => openSession(user)));
  });

  it.each([
    ['UTF-16 (every second byte is zero)', Buffer.from('UTC;load\n2024-01-01 00:00;1\n2024-01-01 01:00;2\n', 'utf16le')],
    ['a zero byte in its header', Buffer.from('UTC;lo\0ad\n2024-01-01 00:00;1\n2024-01-01 01:00;2\n')],
    ['a pair of surrogates where the cell is cut for the message', Buffer.from(`UTC;x\n2024-01-01;${'n'.repeat(39)}\u{1F600}\n`)],
  ])('is stored with what is wrong: %s', async (_, content) => {
    const answer = await sendChunk(user, { sessionId: sessions[0]!, fileName: `known${content.length}.csv`, bytes: content }, 0);
    expect(answer).toMatchObject({ status: 200, body: { assembled: true, file: { size: content.length } } });
    expect(JSON.stringify(answer.body)).not.toMatch(/\\u0000|\\ud[89a-f]/);
  });

  it(`is valid, or says why not: ${CASES} mutated files`, async () => {
    const seen = { valid: 0, invalid: 0, refused: 0 };
    let number = 0;
    await fuzz(bytes, CASES, async (content, lane) => {
      const upload = { sessionId: sessions[lane]!, fileName: `${number++}.csv`, bytes: content, fileType: 'input' as const };
      const answer = await sendChunk(user, upload, 0);
      mustBeClear(answer);
      const file = answer.body['file'] as Body | undefined;
      if (!file) {
        expect(content.length).toBe(0); // whatever has bytes is stored
        seen.refused += 1;
        return;
      }
      const problems = file['problems'] as Body[];
      expect(problems.length === 0).toBe(file['valid']);
      for (const { row, code, message } of problems) {
        expect(row === null || Number.isInteger(row)).toBe(true);
        expect([typeof code, typeof message]).toEqual(['string', 'string']);
      }
      seen[file['valid'] ? 'valid' : 'invalid'] += 1;
    });
    expect(seen.valid).toBeGreaterThan(CASES / 50);
    expect(seen.invalid).toBeGreaterThan(CASES / 4);
    expect((await api().get('/ready')).status).toBe(200);
  }, 300_000);
});
