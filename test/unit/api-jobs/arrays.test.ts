import { Readable } from 'node:stream';
import { nestedJson } from '../../../src/api/results/nestedJson';
import { readNpz } from '../../../src/api/results/npzReader';
import { denseArray, npz } from '../../../src/domain/artefacts';

async function textOf(shape: number[], values: Iterable<Float64Array>): Promise<string> {
  let text = '';
  for await (const piece of nestedJson(shape, values)) text += piece;
  return text;
}

describe('arrays as nested JSON lists', () => {
  const cells = Float64Array.from({ length: 24 }, (_, i) => i / 4);
  const nested = Array.from({ length: 2 }, (_, w) =>
    Array.from({ length: 3 }, (_, s) => Array.from({ length: 4 }, (_, f) => (w * 12 + s * 4 + f) / 4)),
  );

  it('follows the shape, wherever the chunks end', async () => {
    for (const size of [1, 5, 24]) {
      const chunks = Array.from({ length: Math.ceil(24 / size) }, (_, i) => cells.subarray(i * size, (i + 1) * size));
      expect(JSON.parse(await textOf([2, 3, 4], chunks))).toEqual(nested);
    }
  });

  it('writes what is not finite as null', async () => {
    expect(await textOf([2, 1, 2], [Float64Array.of(NaN, 1, -Infinity, 2)])).toBe('[[[null,1]],[[null,2]]]');
  });

  it('is what JSON.stringify makes of the lists, for lists shorter and longer than a piece', async () => {
    const lengths = [[3, 97, 5], [40, 97, 5], [2, 3000, 2], [2, 5000], [9000], [5, 2, 2, 2], [1, 1, 1]];
    const lists = (shape: number[], values: Float64Array): unknown => {
      const [first = 0, ...inner] = shape;
      if (inner.length === 0) return [...values];
      const span = values.length / first;
      return Array.from({ length: first }, (_, i) => lists(inner, values.subarray(i * span, (i + 1) * span)));
    };
    for (const shape of lengths) {
      const count = shape.reduce((product, length) => product * length, 1);
      const values = Float64Array.from({ length: count }, (_, i) => (i % 11 === 0 ? NaN : Math.sin(i) * 10 ** ((i % 40) - 20)));
      for (const size of [1000, 4096, count]) {
        const chunks = Array.from({ length: Math.ceil(count / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
        expect(await textOf(shape, chunks)).toBe(JSON.stringify(lists(shape, values)));
      }
    }
  });

  it('writes no windows as an empty list', async () => {
    expect(await textOf([0, 3, 4], [])).toBe('[]');
  });
});

describe('reading a NumPy archive from a stream', () => {
  const first = Float64Array.from({ length: 70_000 }, (_, i) => Math.sin(i));
  const second = Float64Array.of(1, 2, 3, 4, 5, 6);
  const bytes = Buffer.concat([
    ...npz([denseArray('X', first, [7000, 5, 2]), denseArray('skipped', second, [6]), denseArray('y', second, [3, 2])]),
  ]);
  const inChunks = (size: number): Readable =>
    Readable.from(Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size)));

  it('gives names, shapes and values of every array, wherever the chunks end, and skips what is not read', async () => {
    for (const size of [61, 65_536, bytes.length]) {
      const seen: [string, number[], number[]][] = [];
      for await (const { name, shape, values } of readNpz(inChunks(size))) {
        if (name === 'skipped') continue;
        const all: number[] = [];
        for await (const chunk of values) all.push(...chunk);
        seen.push([name, shape, all]);
      }
      expect(seen).toEqual([
        ['X', [7000, 5, 2], [...first]],
        ['y', [3, 2], [...second]],
      ]);
    }
  });

  it('does not take half an archive for a whole one', async () => {
    const read = async (): Promise<void> => {
      for await (const { values } of readNpz(Readable.from([bytes.subarray(0, 100_000)])))
        for await (const chunk of values) expect(chunk.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toThrow('ends too early');
  });
});
