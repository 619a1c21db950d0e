/** A = U·diag(s)·Vᵀ of a square matrix. */
export interface SingularValueDecomposition {
  /** n × n, column j at [j·n …]: u_j · s_j (not normalised, so that a zero singular value needs no direction) */
  scaledLeft: Float64Array;
  /** n × n, column j at [j·n …] */
  right: Float64Array;
  /** descending */
  values: Float64Array;
}

/** Squared length, relative to the largest entry, below which a column counts as zero: its products would leave the range of doubles. */
const NEGLIGIBLE = 1e-250;
/** Convergence is quadratic: 6 to 10 sweeps are usual, more mean a matrix with NaN. */
const MAX_SWEEPS = 60;

/**
 * Singular value decomposition by one-sided Jacobi rotations: pairs of columns are rotated until all are orthogonal;
 * their lengths are then the singular values. Small singular values come out with high relative accuracy.
 *
 * @param matrix n × n, row-major
 * @throws RangeError when it does not converge (entries that are not finite)
 * @see Demmel & Veselić (1992), "Jacobi's method is more accurate than QR"
 */
export function singularValueDecomposition(matrix: Float64Array, n: number): SingularValueDecomposition {
  const left = new Float64Array(n * n);
  const right = new Float64Array(n * n);
  const unit = matrix.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 0) || 1;
  for (let j = 0; j < n; j += 1) {
    for (let i = 0; i < n; i += 1) left[j * n + i] = matrix[i * n + j]! / unit;
    right[j * n + j] = 1;
  }
  let sweeps = 0;
  while (sweep(left, right, n)) {
    sweeps += 1;
    if (sweeps > MAX_SWEEPS) throw new RangeError('the singular value decomposition did not converge');
  }
  return sorted(
    left.map((entry) => entry * unit),
    right,
    n,
  );
}

/** Rotates every pair of columns once; true when any pair still had to be turned. */
function sweep(left: Float64Array, right: Float64Array, n: number): boolean {
  const orthogonal = n * Number.EPSILON; // cosine that rounding of a dot product alone can reach
  let rotated = false;
  for (let a = 0; a < n - 1; a += 1) {
    for (let b = a + 1; b < n; b += 1) {
      const alpha = dot(left, a * n, a * n, n);
      const beta = dot(left, b * n, b * n, n);
      const gamma = dot(left, a * n, b * n, n);
      if (Math.min(alpha, beta) < NEGLIGIBLE || Math.abs(gamma) <= orthogonal * Math.sqrt(alpha) * Math.sqrt(beta)) continue;
      rotated = true;
      const zeta = (beta - alpha) / (2 * gamma);
      const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
      const cosine = 1 / Math.hypot(1, tangent);
      rotate(left, a * n, b * n, n, cosine, cosine * tangent);
      rotate(right, a * n, b * n, n, cosine, cosine * tangent);
    }
  }
  return rotated;
}

function rotate(columns: Float64Array, a: number, b: number, n: number, cosine: number, sine: number): void {
  for (let i = 0; i < n; i += 1) {
    const x = columns[a + i]!;
    const y = columns[b + i]!;
    columns[a + i] = cosine * x - sine * y;
    columns[b + i] = sine * x + cosine * y;
  }
}

function dot(columns: Float64Array, a: number, b: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += columns[a + i]! * columns[b + i]!;
  return sum;
}

function sorted(left: Float64Array, right: Float64Array, n: number): SingularValueDecomposition {
  const lengths = Array.from({ length: n }, (_, j) => Math.sqrt(dot(left, j * n, j * n, n)));
  const order = lengths.map((_, j) => j).sort((a, b) => lengths[b]! - lengths[a]!);
  const scaledLeft = new Float64Array(n * n);
  const sortedRight = new Float64Array(n * n);
  for (const [place, j] of order.entries()) {
    scaledLeft.set(left.subarray(j * n, (j + 1) * n), place * n);
    sortedRight.set(right.subarray(j * n, (j + 1) * n), place * n);
  }
  return { scaledLeft, right: sortedRight, values: Float64Array.from(order, (j) => lengths[j]!) };
}
