import { parseCursor, formatCursor } from '../../../src/api/http/cursor';
import { parseSessionRef, parseUuid } from '../../../src/api/http/ids';
import { INVALID, lenientBoolean, lenientInteger, lenientNumber } from '../../../src/api/http/lenient';
import { bodySessionRef } from '../../../src/api/middleware';

const UUID = '7f3b2c1d-0e4f-4a5b-8c6d-1e2f3a4b5c6d';

describe('session ids', () => {
  it.each([UUID, UUID.toUpperCase(), 'session_1756822641637_3474pzh', `session_${UUID}`, 'session_1_A'])('accepts %s', (ref) => {
    expect(parseSessionRef(ref)?.ref).toBe(ref);
  });

  it.each([
    `{${UUID}}`,
    `urn:uuid:${UUID}`,
    UUID.replaceAll('-', ''),
    'not-a-uuid',
    '.',
    '..',
    '',
    'session_',
    'session_12',
    'session_12_',
    'session_12_a/b',
    'session_12_a_b',
    'Session_12_ab',
    `${UUID}\n`,
    ` ${UUID}`,
    `session_1_${'a'.repeat(119)}`, // 129 characters
  ])('refuses "%s"', (ref) => {
    expect(parseSessionRef(ref)).toBeNull();
  });

  it('takes 128 characters', () => {
    expect(parseSessionRef(`session_1_${'a'.repeat(118)}`)).not.toBeNull();
  });

  it.each([undefined, null, 7, true, {}, [UUID]])('refuses what is no text: %j', (value) => {
    expect(parseSessionRef(value)).toBeNull();
  });

  it('compares UUIDs in lower case and the clock form as it is', () => {
    expect(parseSessionRef(UUID.toUpperCase())?.key).toBe(UUID);
    expect(parseSessionRef('session_1_AbC')?.key).toBe('session_1_AbC');
  });

  it('knows files by canonical UUIDs only', () => {
    expect(parseUuid(UUID.toUpperCase())).toBe(UUID);
    expect(parseUuid('session_1_a')).toBeNull();
  });
});

describe('the session key of a body', () => {
  const refusal = (code: string) => expect.objectContaining({ code }) as Error;

  it.each([
    { sessionId: UUID },
    { session_id: UUID },
    { sessionId: UUID, session_id: UUID.toUpperCase() },
    { sessionId: '', session_id: UUID },
  ])('is read from %j', (body) => {
    expect(bodySessionRef(body, 'Missing session ID').key).toBe(UUID);
  });

  it('is refused when both spellings differ', () => {
    expect(() => bodySessionRef({ sessionId: UUID, session_id: 'session_1_a' }, '')).toThrow(refusal('BAD_REQUEST'));
  });

  it("is missing with the route's own sentence", () => {
    expect(() => bodySessionRef({}, 'Missing session ID')).toThrow('Missing session ID');
    expect(() => bodySessionRef({ sessionId: null }, 'x')).toThrow(refusal('BAD_REQUEST'));
  });

  it('is refused when it is no id', () => {
    expect(() => bodySessionRef({ sessionId: 'not-a-uuid' }, '')).toThrow(refusal('BAD_UUID'));
  });
});

describe('numbers as clients send them', () => {
  it.each<[unknown, number]>([
    [3, 3],
    ['3', 3],
    ['-24', -24],
    ['+0.5', 0.5],
    ['0,25', 0.25],
    ['1e3', 1000],
    ['1.5E-2', 0.015],
    ['.5', 0.5],
    ['5.', 5],
    [' 7 ', 7],
  ])('%j is %d', (sent, number) => {
    expect(lenientNumber(sent)).toBe(number);
  });

  it.each([undefined, null, '', '   '])('%j means not given', (sent) => {
    expect(lenientNumber(sent)).toBeNull();
  });

  it.each(['abc', '1.000,5', '1,000.5', '1 000', '0x10', 'NaN', 'Infinity', '1e999', '--1', true, [], {}, NaN, Infinity])(
    '%p is no number',
    (sent) => {
      expect(lenientNumber(sent)).toBe(INVALID);
    },
  );

  it('takes "3" and 3.0 as integers, not 3.5', () => {
    expect(lenientInteger('3')).toBe(3);
    expect(lenientInteger(3.0)).toBe(3);
    expect(lenientInteger('3,0')).toBe(3);
    expect(lenientInteger('3.5')).toBe(INVALID);
    expect(lenientInteger('9007199254740993')).toBe(INVALID); // beyond what a double tells apart
  });
});

describe('flags as clients send them', () => {
  it.each<[unknown, unknown]>([
    [true, true],
    ['true', true],
    [' False ', false],
    ['', null],
    [undefined, null],
    ['ja', INVALID],
    [1, INVALID],
  ])('%j', (sent, flag) => {
    expect(lenientBoolean(sent)).toBe(flag);
  });
});

describe('the place in a list of sessions', () => {
  it('keeps the microseconds of the creation time', () => {
    const cursor = formatCursor('2026-01-02T03:04:05.123456+00:00', UUID);
    expect(parseCursor(cursor)).toEqual({ time: '2026-01-02T03:04:05.123456Z', id: UUID });
  });

  it.each<[string, string]>([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02', '2026-01-02T00:00:00Z'],
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05Z'],
    ['2026-01-02 03:04', '2026-01-02T03:04:00Z'],
    ['2026-01-02T03:04:05.123456+02:00', '2026-01-02T01:04:05.123456Z'],
    ['2024-02-29T23:30:00-0130', '2024-03-01T01:00:00Z'],
    ['2026-01-02T03:04:05 02:00', '2026-01-02T01:04:05Z'], // the plus sign of an address that was not encoded
  ])('is also an ISO time: %s', (text, time) => {
    expect(parseCursor(text)).toEqual({ time, id: null });
  });

  it.each([
    'yesterday',
    '1700000000',
    '2026-01-02T03:04:05Z_7',
    `_${UUID}`,
    '2026-13-45',
    '2026-02-30',
    '2023-02-29T00:00:00Z',
    '2026-04-31T10:00:00+02:00',
    '2026-01-02T25:00:00Z',
    '2026-01-02T10:00:00+16:00',
    '2026-01-02T10:00:00+02:60',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+02:00',
    `2026-02-30T00:00:00.000000Z_${UUID}`,
  ])('cannot be read from "%s"', (text) => {
    expect(parseCursor(text)).toBeNull();
  });
});
