import { streamPart } from '../../../src/api/http/streamPart';
import { readTable } from '../../../src/api/scalers';

const read = (sent: unknown) => {
  const complaints: [string, string][] = [];
  const table = readTable(sent, (message, path) => complaints.push([path.join('.'), message]));
  return { table, complaints };
};

describe('the table of a scale-data request', () => {
  it('is read column by column, numbers as text and gaps included', () => {
    const { table } = read([
      [1, '2,5', null],
      ['-1e2', '', 3],
    ]);
    expect(table?.rows).toBe(2);
    expect(table?.inOrder?.map((column) => [...column])).toEqual([
      [1, -100],
      [2.5, NaN],
      [NaN, 3],
    ]);
  });

  it('is read by name', () => {
    const { table } = read({ Wind: [1, 2], Temperatur: [null, '4'] });
    expect([...(table?.byName ?? [])].map(([name, values]) => [name, [...values]])).toEqual([
      ['Wind', [1, 2]],
      ['Temperatur', [NaN, 4]],
    ]);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['a number', 3, '', /rows of numbers/],
    ['a list', [1, 2], '0', /two-dimensional/],
    ['a list among rows', [[1], 2], '1', /two-dimensional/],
    ['three dimensions', [[[1]]], '0.0', /numeric/],
    ['rows of different length', [[1, 2], [3]], '1', /ragged/],
    ['columns of different length', { a: [1, 2], b: [3] }, 'b', /ragged/],
    ['a column that is no list', { a: 1 }, 'a', /list of numbers/],
    ['words', [[1, 'many']], '0.1', /numeric/],
    ['a number beyond all bounds', JSON.parse('[[1e999]]'), '0.0', /numeric/],
    ['nothing', [], '', /no numbers/],
    ['empty rows', [[]], '', /no numbers/],
    ['empty columns', { a: [] }, 'a', /no numbers/],
    ['no columns', {}, '', /no numbers/],
  ])('refuses %s', (_, sent, path, message) => {
    expect(read(sent)).toEqual({ table: null, complaints: [[path, expect.stringMatching(message)]] });
  });

  it('tells the first twenty of many faults', () => {
    const { table, complaints } = read(Array.from({ length: 1000 }, () => ['x']));
    expect([table, complaints.length]).toEqual([null, 20]);
  });
});

describe('a part of a generated stream', () => {
  const made: number[] = [];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const first of [0, 4, 8, 12]) {
      await Promise.resolve();
      made.push(first);
      yield Uint8Array.from({ length: 4 }, (_, i) => first + i);
    }
  }

  it.each([
    [0, 15],
    [3, 4],
    [5, 6],
    [4, 7],
    [15, 15],
    [0, 0],
  ])('holds the bytes %i to %i, both included', async (start, end) => {
    const bytes: number[] = [];
    for await (const chunk of streamPart(chunks(), { start, end })) bytes.push(...chunk);
    expect(bytes).toEqual(Array.from({ length: end - start + 1 }, (_, i) => start + i));
  });

  it('makes nothing behind its end', async () => {
    made.length = 0;
    for await (const _ of streamPart(chunks(), { start: 4, end: 6 }));
    expect(made).toEqual([0, 4]);
  });
});
