import { unzipSync } from 'fflate';
import { crc32, denseArray, npz, npzSize, strictJson, zip } from '../../../src/domain/artefacts';
import type { NpyArray } from '../../../src/domain/artefacts';

const bytesOf = (chunks: Iterable<Uint8Array>) => Buffer.concat([...chunks]);

/** An independent reading of the NPY format 1.0. */
function readNpy(file: Uint8Array) {
  const buffer = Buffer.from(file);
  expect(buffer.subarray(0, 8)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]));
  const end = 10 + buffer.readUInt16LE(8);
  const data = buffer.subarray(end);
  return {
    header: buffer.subarray(10, end).toString('latin1'),
    dataStart: end,
    data: new DataView(data.buffer, data.byteOffset, data.length),
  };
}

describe('NumPy archive', () => {
  const arrays: NpyArray[] = [
    { name: 'x', dtype: '<f8', shape: [2, 3, 1], chunks: () => [Float64Array.of(1, -2.5, 3), Float64Array.of(4, 5, 1e300)] },
    denseArray('utc_ref', Float64Array.of(1711756800000000, -1), [2], '<M8[us]'),
  ];
  const archive = bytesOf(npz(arrays));
  const files = unzipSync(archive);

  it('holds each array as a file of its own', () => {
    expect(Object.keys(files)).toEqual(['x.npy', 'utc_ref.npy']);
  });

  it('describes shape and type as NumPy writes them, data aligned to 64 bytes', () => {
    const x = readNpy(files['x.npy']!);
    expect(x.header.trimEnd()).toBe("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3, 1), }");
    expect(x.header.endsWith('\n')).toBe(true);
    expect(x.dataStart % 64).toBe(0);
    expect(readNpy(files['utc_ref.npy']!).header).toContain("'descr': '<M8[us]', 'fortran_order': False, 'shape': (2,), }");
  });

  it('stores numbers as little-endian float64 in order', () => {
    const { data } = readNpy(files['x.npy']!);
    expect(data.byteLength).toBe(48);
    expect([0, 1, 2, 3, 4, 5].map((i) => data.getFloat64(8 * i, true))).toEqual([1, -2.5, 3, 4, 5, 1e300]);
  });

  it('stores instants as whole microseconds', () => {
    const { data } = readNpy(files['utc_ref.npy']!);
    expect([data.getBigInt64(0, true), data.getBigInt64(8, true)]).toEqual([1711756800000000n, -1n]);
  });

  it('knows its size before it is written', () => {
    expect(npzSize(arrays)).toBe(archive.length);
  });

  it('refuses an array that does not fill its shape', () => {
    expect(() => bytesOf(npz([denseArray('x', Float64Array.of(1), [2])]))).toThrow(RangeError);
  });

  it('keeps header padding right for every shape', () => {
    for (let digits = 1; digits <= 70; digits += 1) {
      const shape = [...Array<number>(digits).fill(1), 1];
      const { dataStart } = readNpy(unzipSync(bytesOf(npz([denseArray('a', Float64Array.of(7), shape)])))['a.npy']!);
      expect(dataStart % 64).toBe(0);
    }
  });
});

describe('zip archive', () => {
  it('carries the check value of its content in directory and descriptor', () => {
    const text = new TextEncoder().encode('123456789');
    const archive = bytesOf(zip([{ name: 'ä.txt', size: 9, chunks: () => [text.subarray(0, 4), text.subarray(4)] }]));
    const directory = archive.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    expect(archive.readUInt32LE(directory + 16)).toBe(0xcbf43926);
    expect(archive.readUInt32LE(directory - 12)).toBe(0xcbf43926);
    expect(unzipSync(archive)['ä.txt']).toEqual(text);
  });

  it('writes zip64 records for entries beyond 4 GiB', () => {
    // the content is one buffer repeated: only the records are looked at
    const chunk = new Uint8Array(1 << 24);
    const count = 257;
    const small: Uint8Array[] = [];
    let total = 0;
    const entries = [
      {
        name: 'large',
        size: count * chunk.length,
        *chunks() {
          for (let i = 0; i < count; i += 1) yield chunk;
        },
      },
      { name: 'after', size: 1, chunks: () => [Uint8Array.of(7)] },
    ];
    for (const part of zip(entries)) {
      if (part !== chunk) small.push(part);
      total += part.length;
    }
    const records = Buffer.concat(small);
    const locator = records.indexOf(Buffer.from([0x50, 0x4b, 6, 7]));
    const end = records.indexOf(Buffer.from([0x50, 0x4b, 6, 6]));
    expect(records.readBigUInt64LE(end + 32)).toBe(2n);
    const directorySize = Number(records.readBigUInt64LE(end + 40));
    const directoryOffset = Number(records.readBigUInt64LE(end + 48));
    expect(directoryOffset + directorySize).toBe(Number(records.readBigUInt64LE(locator + 8)));
    expect(total).toBe(directoryOffset + directorySize + 56 + 20 + 22);
    // the second entry begins beyond 4 GiB: its offset stands in the zip64 field
    const second = records.lastIndexOf(Buffer.from('after'));
    expect(records.readBigUInt64LE(second + 5 + 4)).toBe(BigInt(30 + 5 + 20 + count * chunk.length + 24));
  });
});

describe('check sum', () => {
  it('is the same in one piece and in many', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 37) & 255);
    for (const cut of [0, 1, 2, 3, 4, 5, 999]) expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(crc32(bytes));
  });
});

describe('strict JSON', () => {
  it('has no NaN or Infinity and writes typed arrays as lists', () => {
    expect(strictJson({ a: NaN, b: [Infinity, 1], c: Float64Array.of(1, NaN), d: undefined })).toBe('{"a":null,"b":[null,1],"c":[1,null]}');
  });
});
