/** Distinct rows of a matrix: the first place of each, in order, and how often it occurs. */
export interface DistinctRows {
  first: Int32Array;
  counts: Float64Array;
}

/**
 * Finds rows whose values are all equal.
 *
 * @param values rows × width, row-major, finite
 */
export function mergeEqual(values: Float64Array, rows: number, width: number): DistinctRows {
  const size = 2 ** Math.ceil(Math.log2(2 * rows + 1)); // at most half full
  const table = new Int32Array(size).fill(-1); // number of a distinct row, at its hash or the next free place
  const first = new Int32Array(rows);
  const counts = new Float64Array(rows);
  let distinct = 0;
  for (let row = 0; row < rows; row += 1) {
    let place = hash(values, row * width, width) & (size - 1);
    for (; table[place]! >= 0; place = (place + 1) & (size - 1))
      if (equal(values, first[table[place]!]! * width, row * width, width)) break;
    if (table[place]! < 0) {
      table[place] = distinct;
      first[distinct] = row;
      distinct += 1;
    }
    counts[table[place]!]! += 1;
  }
  return { first: first.slice(0, distinct), counts: counts.slice(0, distinct) };
}

const cell = new Float64Array(1);
const words = new Int32Array(cell.buffer);

/** FNV-1a over the 32-bit words, stirred once more because only the low bits are used. */
function hash(values: Float64Array, at: number, width: number): number {
  let state = 0x811c9dc5;
  for (let k = 0; k < width; k += 1) {
    cell[0] = values[at + k]! + 0; // −0 equals 0
    state = Math.imul(state ^ words[0]!, 0x01000193);
    state = Math.imul(state ^ words[1]!, 0x01000193);
    state ^= state >>> 15;
  }
  return Math.imul(state ^ (state >>> 13), 0x5bd1e995) >>> 8;
}

function equal(values: Float64Array, a: number, b: number, width: number): boolean {
  for (let k = 0; k < width; k += 1) if (values[a + k] !== values[b + k]) return false;
  return true;
}
