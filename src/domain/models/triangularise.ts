import type { RowSource } from './types';

/** Between these the squares of entries, and products of two such squares, are ordinary doubles. */
const [SMALLEST_SQUARED, LARGEST_SQUARED] = [1e-70, 1e70];

/** R of the centred [X | y] = Q·R, of which least squares needs only the first p rows. */
export interface TriangularFactor {
  /** p × p, upper triangular, row-major */
  r: Float64Array;
  /** p × q, row-major: Qᵀ·y */
  projected: Float64Array;
}

/** Rows taken from the source per factorisation; the stack of R and these rows stays within the processor's cache. */
const ROWS_PER_STEP = 512;

/**
 * QR of all rows without ever holding them: the R found so far is stacked on the next rows and factorised again
 * (tall-skinny QR by Householder reflections). As accurate as one factorisation of the whole, unlike normal equations.
 *
 * @param means subtracted from every row: column means of X, then of y
 * @see Demmel, Grigori, Hoemmen, Langou (2012), "Communication-optimal parallel and sequential QR and LU factorizations"
 */
export function triangularise(source: RowSource, means: Float64Array): TriangularFactor {
  const p = source.features.length;
  const q = source.targets.length;
  const width = p + q;
  const height = p + ROWS_PER_STEP;
  // column-major: a reflection runs along columns; the upper p rows hold the factor of everything before
  const stack = new Float64Array(height * width);
  let filled = p;

  for (const block of source.blocks()) {
    for (let row = 0; row < block.rows; row += 1) {
      for (let j = 0; j < p; j += 1) stack[j * height + filled] = block.x[row * p + j]! - means[j]!;
      for (let j = 0; j < q; j += 1) stack[(p + j) * height + filled] = block.y[row * q + j]! - means[p + j]!;
      filled += 1;
      if (filled === height) {
        eliminate(stack, height, filled, p, width);
        filled = p;
      }
    }
  }
  eliminate(stack, height, filled, p, width);

  const r = new Float64Array(p * p);
  const projected = new Float64Array(p * q);
  for (let i = 0; i < p; i += 1) {
    for (let j = i; j < p; j += 1) r[i * p + j] = stack[j * height + i]!;
    for (let j = 0; j < q; j += 1) projected[i * q + j] = stack[(p + j) * height + i]!;
  }
  return { r, projected };
}

/** Householder reflections that make the first p columns of rows 0 … used − 1 upper triangular; the other columns are carried along. */
function eliminate(stack: Float64Array, height: number, used: number, p: number, width: number): void {
  for (let k = 0; k < p; k += 1) {
    const column = k * height;
    let norm = columnNorm(stack, column + k, column + used);
    let unit = 1;
    if (!(norm >= SMALLEST_SQUARED && norm <= LARGEST_SQUARED)) {
      // in units of the largest entry: a norm of numbers near the end of the range would be a few digits exact
      unit = largestEntry(stack, column + k, column + used);
      if (unit === 0) continue;
      for (let i = k; i < used; i += 1) stack[column + i]! /= unit;
      norm = columnNorm(stack, column + k, column + used);
    }
    const head = stack[column + k]!;
    const diagonal = head > 0 ? -norm : norm; // the sign that avoids cancellation
    // v = (head − diagonal, column below); the reflection is I − v·vᵀ / (norm·|v_k|), as vᵀv/2 = norm·|v_k|
    stack[column + k] = head - diagonal;
    const scale = norm * Math.abs(stack[column + k]!);
    let j = k + 1;
    for (; j + 3 < width; j += 4) reflectFour(stack, column + k, j * height + k, height, used - k, scale);
    for (; j < width; j += 1) reflect(stack, column + k, j * height + k, used - k, scale);
    stack[column + k] = diagonal * unit;
    stack.fill(0, column + k + 1, column + used);
  }
}

/** Takes v·(vᵀw)/scale from w, both `length` entries long. */
function reflect(stack: Float64Array, v: number, w: number, length: number, scale: number): void {
  let dot = 0;
  for (let i = 0; i < length; i += 1) dot += stack[v + i]! * stack[w + i]!;
  const factor = dot / scale;
  if (factor === 0) return;
  for (let i = 0; i < length; i += 1) stack[w + i]! -= factor * stack[v + i]!;
}

/** The same for four columns, `height` entries apart: v is read once for all, and no addition waits for the one before. */
function reflectFour(stack: Float64Array, v: number, w: number, height: number, length: number, scale: number): void {
  const [x, y, z] = [w + height, w + 2 * height, w + 3 * height];
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < length; i += 1) {
    const entry = stack[v + i]!;
    a += entry * stack[w + i]!;
    b += entry * stack[x + i]!;
    c += entry * stack[y + i]!;
    d += entry * stack[z + i]!;
  }
  a /= scale;
  b /= scale;
  c /= scale;
  d /= scale;
  for (let i = 0; i < length; i += 1) {
    const entry = stack[v + i]!;
    stack[w + i]! -= a * entry;
    stack[x + i]! -= b * entry;
    stack[y + i]! -= c * entry;
    stack[z + i]! -= d * entry;
  }
}

/** Euclidean norm, without care for squares that overflow or vanish. */
function columnNorm(stack: Float64Array, from: number, to: number): number {
  let squares = 0;
  for (let i = from; i < to; i += 1) squares += stack[i]! * stack[i]!;
  return Math.sqrt(squares);
}

/** Largest absolute value. */
function largestEntry(stack: Float64Array, from: number, to: number): number {
  let largest = 0;
  for (let i = from; i < to; i += 1) largest = Math.max(largest, Math.abs(stack[i]!));
  return largest;
}
