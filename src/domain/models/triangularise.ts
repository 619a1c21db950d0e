import type { RowSource } from './types';

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
    const norm = columnNorm(stack, column + k, column + used);
    if (norm === 0) continue;
    const head = stack[column + k]!;
    const diagonal = head > 0 ? -norm : norm; // the sign that avoids cancellation
    // v = (head − diagonal, column below) / norm, in units of the norm so that products stay within the range of doubles
    stack[column + k] = head - diagonal;
    for (let i = k; i < used; i += 1) stack[column + i]! /= norm;
    // the reflection is I − v·vᵀ / |v_k|, as vᵀv/2 = |v_k|
    const scale = Math.abs(stack[column + k]!);
    for (let j = k + 1; j < width; j += 1) {
      const other = j * height;
      let dot = 0;
      for (let i = k; i < used; i += 1) dot += stack[column + i]! * stack[other + i]!;
      const factor = dot / scale;
      if (factor === 0) continue;
      for (let i = k; i < used; i += 1) stack[other + i]! -= factor * stack[column + i]!;
    }
    stack[column + k] = diagonal;
    stack.fill(0, column + k + 1, column + used);
  }
}

/** Euclidean norm, scaled by the largest entry so that squares neither overflow nor vanish. */
function columnNorm(stack: Float64Array, from: number, to: number): number {
  let largest = 0;
  for (let i = from; i < to; i += 1) largest = Math.max(largest, Math.abs(stack[i]!));
  if (largest === 0) return 0;
  let sum = 0;
  for (let i = from; i < to; i += 1) {
    const share = stack[i]! / largest;
    sum += share * share;
  }
  return largest * Math.sqrt(sum);
}
