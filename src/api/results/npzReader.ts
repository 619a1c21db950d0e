import type { Readable } from 'node:stream';

/** One array of an archive while it is read: its shape, then its values in C order, chunk by chunk. */
export interface IncomingArray {
  name: string;
  shape: number[];
  /** to be read to its end, or not at all, before the next array is asked for */
  values: AsyncGenerator<Float64Array, void>;
}

const LOCAL_HEADER = 0x04034b50;
const DATA_DESCRIPTOR_FLAG = 0x0008;
const ZIP64_NEEDED = 45;

/**
 * Reads the uncompressed NumPy archives this service writes, front to back and without holding more than a chunk.
 * The sizes come from the arrays' own headers, since the archive's directory stands at its end.
 * @throws RangeError when the stream is no such archive or ends too early
 */
export async function* readNpz(stream: Readable): AsyncGenerator<IncomingArray, void> {
  const source = new ByteSource(stream);
  try {
    for (;;) {
      const header = await source.take(30);
      if (header.readUInt32LE(0) !== LOCAL_HEADER) return; // the directory: no more arrays
      const large = header.readUInt16LE(4) >= ZIP64_NEEDED;
      const name = (await source.take(header.readUInt16LE(26))).toString('utf8').replace(/\.npy$/, '');
      await source.take(header.readUInt16LE(28));
      const shape = await readShape(source);
      const values = readValues(
        source,
        shape.reduce((product, length) => product * length, 1),
      );
      yield { name, shape, values };
      while (!(await values.next()).done); // an array nobody wanted
      if (header.readUInt16LE(6) & DATA_DESCRIPTOR_FLAG) await source.take(large ? 24 : 16);
    }
  } finally {
    stream.destroy();
  }
}

/** Preamble (magic, version 1.0, length) and the dictionary `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }`. */
async function readShape(source: ByteSource): Promise<number[]> {
  const preamble = await source.take(10);
  const text = (await source.take(preamble.readUInt16LE(8))).toString('latin1');
  const tuple = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  if (tuple === undefined) throw new RangeError('An array of the archive has no shape');
  return tuple
    .split(',')
    .filter((length) => length.trim() !== '')
    .map(Number);
}

async function* readValues(source: ByteSource, count: number): AsyncGenerator<Float64Array, void> {
  for (let left = count; left > 0;) {
    const bytes = await source.takeUpTo(left * 8, 8);
    left -= bytes.length / 8;
    // a buffer of its own: a view of the stream's chunk need not be aligned to 8 bytes
    yield new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }
}

/** Exact numbers of bytes out of a stream of arbitrary chunks. */
class ByteSource {
  private readonly chunks: AsyncIterator<Buffer, unknown>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Buffer> {
    while (this.rest.length < length) await this.more();
    return this.cut(length);
  }

  /** What is at hand, at least one unit and at most `length` bytes, in whole units. */
  async takeUpTo(length: number, unit: number): Promise<Buffer> {
    while (this.rest.length < unit) await this.more();
    return this.cut(Math.min(length, this.rest.length - (this.rest.length % unit)));
  }

  private cut(length: number): Buffer {
    const head = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return head;
  }

  private async more(): Promise<void> {
    const next = await this.chunks.next();
    if (next.done === true) throw new RangeError('The archive ends too early');
    this.rest = this.rest.length === 0 ? next.value : Buffer.concat([this.rest, next.value]);
  }
}
