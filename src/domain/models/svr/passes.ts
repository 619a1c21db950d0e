/**
 * The loops a solver of support vectors spends its time in. Each reads the active variables in order; `index` gives the place of
 * an active variable in a row of the kernel matrix, and is left out while all are active.
 */

/** A direction without curvature still needs a finite step, as in LIBSVM. */
export const LEAST_CURVATURE = 1e-12;

/** What a pass over the gradient finds: the variable that gains most by rising, and the two ends of the violation. */
export class Ends {
  /** place of the smallest slope upwards; −1 when nothing may rise */
  lowest = -1;
  smallestUp = Infinity;
  largestDown = -Infinity;

  get violation(): number {
    return this.largestDown - this.smallestUp;
  }
}

/** gradient += delta · (rowI − rowJ), and the ends of the new gradient. */
export function descend(
  ends: Ends,
  count: number,
  gradient: Float64Array,
  up: Float64Array,
  down: Float64Array,
  rowI: Float32Array,
  rowJ: Float32Array,
  delta: number,
): void {
  let lowest = -1;
  let smallestUp = Infinity;
  let largestDown = -Infinity;
  for (let t = 0; t < count; t += 1) {
    const value = gradient[t]! + delta * (rowI[t]! - rowJ[t]!);
    gradient[t] = value;
    const rising = value + up[t]!;
    if (rising < smallestUp) {
      smallestUp = rising;
      lowest = t;
    }
    const falling = value + down[t]!;
    if (falling > largestDown) largestDown = falling;
  }
  ends.lowest = lowest;
  ends.smallestUp = smallestUp;
  ends.largestDown = largestDown;
}

/** The same while some variables rest. */
export function descendActive(
  ends: Ends,
  count: number,
  gradient: Float64Array,
  up: Float64Array,
  down: Float64Array,
  rowI: Float32Array,
  rowJ: Float32Array,
  delta: number,
  index: Int32Array,
): void {
  let lowest = -1;
  let smallestUp = Infinity;
  let largestDown = -Infinity;
  for (let t = 0; t < count; t += 1) {
    const place = index[t]!;
    const value = gradient[t]! + delta * (rowI[place]! - rowJ[place]!);
    gradient[t] = value;
    const rising = value + up[t]!;
    if (rising < smallestUp) {
      smallestUp = rising;
      lowest = t;
    }
    const falling = value + down[t]!;
    if (falling > largestDown) largestDown = falling;
  }
  ends.lowest = lowest;
  ends.smallestUp = smallestUp;
  ends.largestDown = largestDown;
}

/**
 * Second-order choice of the partner that falls while variable i rises: the largest decrease (g_j − g_i)² / (K_ii + K_jj − 2 K_ij) of the objective.
 * @see Fan, Chen & Lin (2005), "Working set selection using second order information"
 */
export function partner(
  count: number,
  gradient: Float64Array,
  down: Float64Array,
  diagonal: Float64Array,
  rowI: Float32Array,
  smallestUp: number,
  diagonalI: number,
): number {
  let best = -1;
  let bestSquare = 0;
  let bestCurvature = 1;
  for (let t = 0; t < count; t += 1) {
    const gap = gradient[t]! + down[t]! - smallestUp;
    if (gap > 0) {
      const square = gap * gap;
      const curvature = Math.max(diagonalI + diagonal[t]! - 2 * rowI[t]!, LEAST_CURVATURE);
      if (square * bestCurvature > bestSquare * curvature) {
        best = t;
        bestSquare = square;
        bestCurvature = curvature;
      }
    }
  }
  return best;
}

/** The same while some variables rest. */
export function partnerActive(
  count: number,
  gradient: Float64Array,
  down: Float64Array,
  diagonal: Float64Array,
  rowI: Float32Array,
  smallestUp: number,
  diagonalI: number,
  index: Int32Array,
): number {
  let best = -1;
  let bestSquare = 0;
  let bestCurvature = 1;
  for (let t = 0; t < count; t += 1) {
    const gap = gradient[t]! + down[t]! - smallestUp;
    if (gap > 0) {
      const square = gap * gap;
      const curvature = Math.max(diagonalI + diagonal[t]! - 2 * rowI[index[t]!]!, LEAST_CURVATURE);
      if (square * bestCurvature > bestSquare * curvature) {
        best = t;
        bestSquare = square;
        bestCurvature = curvature;
      }
    }
  }
  return best;
}

/** sums += factor · row. */
export function addMultiple(sums: Float64Array, row: Float32Array, factor: number): void {
  for (let t = 0; t < sums.length; t += 1) sums[t] = sums[t]! + factor * row[t]!;
}
