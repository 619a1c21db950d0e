/** Bytes offset … offset + length − 1 of an archive, fewer at its end. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

const LOCAL_HEADER = 0x04034b50;
const ZIP64_NEEDED = 45;
/** holds the zip record and the array's own header of every entry we write */
const HEAD_BYTES = 1024;

/**
 * Single rows of one array of an archive that {@link npz} wrote: only the entries' heads and these rows are read.
 *
 * @param rows  indices along the first axis, in the order wanted
 * @returns the array's shape and the float64 values of the rows, one behind the other
 * @throws RangeError when the archive has no such array or the array no such row
 */
export async function readNpzRows(
  read: ReadBytes,
  name: string,
  rows: ArrayLike<number>,
): Promise<{ shape: number[]; values: Float64Array }> {
  const { shape, dataOffset } = await findArray(read, name);
  const width = shape.slice(1).reduce((product, length) => product * length, 1);
  const bytes = new Uint8Array(rows.length * width * 8);
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!;
    if (!(row >= 0 && row < shape[0]!)) throw new RangeError(`${name} has ${shape[0]} rows, not row ${row}`);
    const part = await read(dataOffset + row * width * 8, width * 8);
    if (part.length !== width * 8) throw new RangeError(`the archive ends within ${name}`);
    bytes.set(part, k * width * 8);
  }
  return { shape, values: new Float64Array(bytes.buffer) };
}

/** Walks from entry to entry: the sizes come from the arrays' own headers, as the zip records before the data hold none. */
async function findArray(read: ReadBytes, wanted: string): Promise<{ shape: number[]; dataOffset: number }> {
  for (let offset = 0; ;) {
    const head = await read(offset, HEAD_BYTES);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    if (head.length < 30 || view.getUint32(0, true) !== LOCAL_HEADER) throw new RangeError(`the archive has no array ${wanted}`);
    const large = view.getUint16(4, true) >= ZIP64_NEEDED;
    const nameLength = view.getUint16(26, true);
    const array = 30 + nameLength + view.getUint16(28, true);
    const dictionary = array + 10;
    const data = dictionary + view.getUint16(array + 8, true);
    const text = (from: number, to: number): string => new TextDecoder().decode(head.subarray(from, to));
    const shape = shapeOf(text(dictionary, data));
    if (text(30, 30 + nameLength) === `${wanted}.npy`) return { shape, dataOffset: offset + data };
    offset += data + shape.reduce((product, length) => product * length, 8) + (large ? 24 : 16); // the descriptor behind the data
  }
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
