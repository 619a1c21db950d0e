/** Bytes offset … offset + length − 1 of an archive, fewer at its end. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

/** Rows of one array, one behind the other. */
export interface NpzRows {
  /** of the whole array */
  shape: number[];
  /** instants as µs since 1970 */
  values: Float64Array;
}

const LOCAL_HEADER = 0x04034b50;
const ZIP64_NEEDED = 45;
/** holds the zip record and the array's own header of every entry we write */
const HEAD_BYTES = 1024;
/** Each read is a request to the storage. */
const READS_AT_A_TIME = 16;

/**
 * Single rows of arrays of an archive that {@link npz} wrote: only the entries' heads and these rows are read.
 *
 * @param rows  indices along the first axis, in the order wanted
 * @returns per name
 * @throws RangeError when the archive has no such array or an array no such row
 */
export async function readNpzRows<Name extends string>(
  read: ReadBytes,
  names: readonly Name[],
  rows: ArrayLike<number>,
): Promise<Record<Name, NpzRows>> {
  const places = await findArrays(read, names);
  const pieces = names.flatMap((name) => piecesOf(name, places.get(name)!, rows));
  for (let at = 0; at < pieces.length; at += READS_AT_A_TIME) {
    await Promise.all(pieces.slice(at, at + READS_AT_A_TIME).map((piece) => fill(read, piece)));
  }
  const rowsOf = (name: Name): NpzRows => {
    const { shape, instants } = places.get(name)!;
    const { buffer } = pieces.find((piece) => piece.name === name)?.target ?? new Uint8Array();
    return { shape, values: instants ? Float64Array.from(new BigInt64Array(buffer), Number) : new Float64Array(buffer) };
  };
  return Object.fromEntries(names.map((name) => [name, rowsOf(name)])) as Record<Name, NpzRows>;
}

/** One row on its way into the bytes of all wanted rows of its array. */
interface Piece {
  name: string;
  from: number;
  target: Uint8Array<ArrayBuffer>;
  at: number;
  length: number;
}

function piecesOf(name: string, { shape, dataOffset }: Place, rows: ArrayLike<number>): Piece[] {
  const length = shape.slice(1).reduce((product, one) => product * one, 8);
  const target = new Uint8Array(rows.length * length);
  return Array.from(rows, (row, k) => {
    if (!(row >= 0 && row < shape[0]!)) throw new RangeError(`${name} has ${shape[0]} rows, not row ${row}`);
    return { name, from: dataOffset + row * length, target, at: k * length, length };
  });
}

async function fill(read: ReadBytes, { name, from, target, at, length }: Piece): Promise<void> {
  const part = await read(from, length);
  if (part.length !== length) throw new RangeError(`the archive ends within ${name}`);
  target.set(part, at);
}

interface Place {
  shape: number[];
  /** int64 µs instead of float64 */
  instants: boolean;
  dataOffset: number;
}

/** Walks from entry to entry: the sizes come from the arrays' own headers, as the zip records before the data hold none. */
async function findArrays(read: ReadBytes, wanted: readonly string[]): Promise<Map<string, Place>> {
  const found = new Map<string, Place>();
  for (let offset = 0; found.size < wanted.length;) {
    const head = await read(offset, HEAD_BYTES);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    if (head.length < 30 || view.getUint32(0, true) !== LOCAL_HEADER)
      throw new RangeError(`the archive has no array ${wanted.find((name) => !found.has(name))}`);
    const large = view.getUint16(4, true) >= ZIP64_NEEDED;
    const nameLength = view.getUint16(26, true);
    const array = 30 + nameLength + view.getUint16(28, true);
    const dictionary = array + 10;
    const data = dictionary + view.getUint16(array + 8, true);
    const text = (from: number, to: number): string => new TextDecoder().decode(head.subarray(from, to));
    const described = text(dictionary, data);
    const shape = shapeOf(described);
    const name = text(30, 30 + nameLength).replace(/\.npy$/, '');
    if (wanted.includes(name)) found.set(name, { shape, instants: described.includes('M8[us]'), dataOffset: offset + data });
    offset += data + shape.reduce((product, length) => product * length, 8) + (large ? 24 : 16); // the descriptor behind the data
  }
  return found;
}

/** From the dictionary `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }`; every value has 8 bytes. */
function shapeOf(dictionary: string): number[] {
  const tuple = /'shape':\s*\(([^)]*)\)/.exec(dictionary)?.[1];
  if (tuple === undefined) throw new RangeError('an array of the archive has no shape');
  return tuple
    .split(',')
    .filter((length) => length.trim() !== '')
    .map(Number);
}
