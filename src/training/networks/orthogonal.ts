import type { Random } from '../../domain/random';

/**
 * Random matrix with orthonormal rows, as Keras's `orthogonal` initialiser makes it: a Gaussian matrix A of 4N × N is factored into Q·R,
 * each column of Q is multiplied by the sign of R's diagonal (without that the distribution would not be uniform; Mezzadri 2007,
 * "How to generate random matrices from the classical compact groups"), and the result is Qᵀ.
 *
 * @param units N ≥ 1
 * @returns N × 4N, row-major; row j is column j of Q
 */
export function orthogonalRows(units: number, random: Random): Float64Array[] {
  const length = 4 * units;
  const columns = Array.from({ length: units }, () => new Float64Array(length));
  // A is drawn row by row, but kept by columns, on which everything below works
  for (let row = 0; row < length; row++) for (const column of columns) column[row] = random.normal();

  const signs = triangularise(columns);
  return formQ(columns).map((row, j) => (signs[j]! < 0 ? row.map((value) => -value) : row));
}

/**
 * Householder's reduction: reflection k, I − β·v·vᵀ, makes column k zero below its diagonal. Afterwards column k holds v from row k on,
 * scaled so that β = 1 (‖v‖² = 2).
 * @returns signs of R's diagonal
 */
function triangularise(columns: readonly Float64Array[]): number[] {
  return columns.map((v, k) => {
    const norm = Math.sqrt(dot(v, v, k));
    const diagonal = v[k]! > 0 ? -norm : norm; // away from the entry, so that nothing cancels
    v[k] = v[k]! - diagonal;
    const scale = Math.sqrt(2 / dot(v, v, k));
    for (let i = k; i < v.length; i++) v[i] = v[i]! * scale;
    for (let j = k + 1; j < columns.length; j++) reflect(columns[j]!, v, k);
    return Math.sign(diagonal);
  });
}

/** Q = H₀·H₁·…·H_(N−1)·(first N columns of the identity) */
function formQ(reflections: readonly Float64Array[]): Float64Array[] {
  return reflections.map((_, j) => {
    const column = new Float64Array(reflections[0]!.length);
    column[j] = 1;
    // reflections after the j-th leave the j-th unit vector as it is
    for (let k = j; k >= 0; k--) reflect(column, reflections[k]!, k);
    return column;
  });
}

/** x −= v·(vᵀx), from row `from` on. */
function reflect(x: Float64Array, v: Float64Array, from: number): void {
  const product = dot(v, x, from);
  for (let i = from; i < x.length; i++) x[i] = x[i]! - product * v[i]!;
}

/** Four sums side by side: a single one would wait for every addition. */
function dot(a: Float64Array, b: Float64Array, from: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = from;
  for (; i + 3 < a.length; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}
