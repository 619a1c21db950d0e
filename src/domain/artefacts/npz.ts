import { zip, zipSize, zipStream } from './zip';
import type { MaybeAsync, ZipEntry } from './zip';

/** One array of an archive, in C order. */
export interface NpyArray<Content = Iterable<Float64Array>> {
  /** without the ending .npy */
  name: string;
  /** float64, or instants: whole µs since 1970 given as float64 and written as int64 */
  dtype: '<f8' | '<M8[us]';
  shape: readonly number[];
  /** the values in order; every chunk is handed on as it is and must not be overwritten later */
  chunks(): Content;
}

/**
 * NumPy archive as a stream of chunks; `numpy.load(file, allow_pickle=False)` reads it.
 *
 * @throws RangeError when an array gives another number of values than its shape says
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function npz(arrays: Iterable<NpyArray>): Generator<Uint8Array, void> {
  return zip(entries(arrays, npyChunks));
}

/** The same of arrays whose values are waited for. */
export function npzStream(arrays: Iterable<NpyArray<MaybeAsync<Float64Array>>>): AsyncGenerator<Uint8Array, void> {
  return zipStream(entries(arrays, npyStream));
}

/** Bytes of the archive, known before it is written (Content-Length). */
export function npzSize(arrays: Iterable<Pick<NpyArray, 'name' | 'dtype' | 'shape'>>): number {
  return zipSize(entries(arrays, () => []));
}

/** An array that is in memory already. */
export function denseArray(name: string, values: Float64Array, shape: readonly number[], dtype: NpyArray['dtype'] = '<f8'): NpyArray {
  return { name, dtype, shape, chunks: () => pieces(values) };
}

/** Converting a whole array of instants at once would hold up the event loop, and hold it twice. */
const VALUES_PER_PIECE = 65_536;

export function* pieces(values: Float64Array): Generator<Float64Array> {
  for (let from = 0; from < values.length; from += VALUES_PER_PIECE) yield values.subarray(from, from + VALUES_PER_PIECE);
}

type Described = Pick<NpyArray, 'name' | 'dtype' | 'shape'>;

function* entries<A extends Described, Content>(
  arrays: Iterable<A>,
  content: (header: Uint8Array, array: A) => Content,
): Generator<ZipEntry<Content>> {
  for (const array of arrays) {
    const header = npyHeader(array);
    const size = header.length + 8 * array.shape.reduce((product, length) => product * length, 1);
    yield { name: `${array.name}.npy`, size, chunks: () => content(header, array) };
  }
}

function* npyChunks(header: Uint8Array, array: NpyArray): Generator<Uint8Array> {
  yield header;
  for (const chunk of array.chunks()) yield npyBytes(chunk, array);
}

async function* npyStream(header: Uint8Array, array: NpyArray<MaybeAsync<Float64Array>>): AsyncGenerator<Uint8Array> {
  yield header;
  for await (const chunk of array.chunks()) yield npyBytes(chunk, array);
}

function npyBytes(chunk: Float64Array, { dtype }: Described): Uint8Array {
  const words = dtype === '<f8' ? chunk : BigInt64Array.from(chunk, (time) => BigInt(time));
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** Format 1.0: magic, version, length, then a Python literal padded so that the data start at a multiple of 64. */
function npyHeader({ dtype, shape }: Described): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const literal = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const preamble = 10;
  const padding = 64 - ((preamble + literal.length + 1) % 64);
  const text = `${literal}${' '.repeat(padding % 64)}\n`;
  const header = new Uint8Array(preamble + text.length);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 255, text.length >>> 8]);
  header.set(new TextEncoder().encode(text), preamble);
  return header;
}
