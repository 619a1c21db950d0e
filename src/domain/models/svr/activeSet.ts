import type { KernelMatrix } from './kernelMatrix';
import type { Loops } from './simd/arena';
import { LEAST_CURVATURE } from './simd/gradientLoops';

/**
 * The variables that take part, in ascending order, with their gradients and slopes, and the two loops a solver spends its time in.
 * While all take part the loops run in WebAssembly on two at a time; a subset reads its places of a row one by one.
 */
export class ActiveSet {
  /** how many take part; positions 0 … count − 1 of the arrays */
  count: number;
  /** variable at a position */
  readonly index: Int32Array;
  readonly gradient: Float64Array;
  /** slope upwards minus gradient: ε, −ε below zero, ∞ at the upper bound */
  readonly up: Float64Array;
  /** slope downwards minus gradient: −ε, ε above zero, −∞ at the lower bound */
  readonly down: Float64Array;
  readonly diagonal: Float64Array;

  // of the last descent: the two ends of the violation of the optimality conditions
  /** position of the smallest slope upwards; −1 when nothing may rise */
  lowest = -1;
  smallestUp = Infinity;
  largestDown = -Infinity;

  private readonly loops: Loops;
  private readonly result: Float64Array;
  private readonly allDiagonals: Float64Array;

  constructor({ arena, size, diagonal }: KernelMatrix) {
    this.count = size;
    this.loops = arena.loops;
    this.index = new Int32Array(size);
    this.gradient = arena.float64(size);
    this.up = arena.float64(size).fill(Infinity, size); // the padding moves nowhere
    this.down = arena.float64(size).fill(-Infinity, size);
    this.result = arena.float64(6);
    this.allDiagonals = diagonal;
    this.diagonal = new Float64Array(size);
  }

  get complete(): boolean {
    return this.count === this.index.length;
  }

  get violation(): number {
    return this.largestDown - this.smallestUp;
  }

  /** gradient += delta · (rowI − rowJ), and the ends of the new gradient. */
  descend(rowI: Float32Array, rowJ: Float32Array, delta: number): void {
    if (!this.complete) {
      this.descendSome(rowI, rowJ, delta);
      return;
    }
    const { loops, gradient, up, down, result } = this;
    const end = gradient.byteOffset + gradient.byteLength;
    loops.descend(gradient.byteOffset, end, up.byteOffset, down.byteOffset, rowI.byteOffset, rowJ.byteOffset, result.byteOffset, delta);
    const odd = result[1]! < result[0]!;
    this.smallestUp = odd ? result[1]! : result[0]!;
    this.lowest = odd ? result[3]! : result[2]!;
    this.largestDown = Math.max(result[4]!, result[5]!);
  }

  /**
   * Second-order choice of the variable that falls while the lowest one, i, rises: the largest decrease
   * (g_j − g_i)² / (K_ii + K_jj − 2 K_ij) of the objective.
   *
   * @param rowI row of the lowest one
   * @returns its position; −1 when none would gain
   * @see Fan, Chen & Lin (2005), "Working set selection using second order information"
   */
  partner(rowI: Float32Array): number {
    const { loops, gradient, down, allDiagonals, result, smallestUp } = this;
    const diagonalI = this.diagonal[this.lowest]!;
    if (!this.complete) return this.partnerAmongSome(rowI, diagonalI);
    const end = gradient.byteOffset + gradient.byteLength;
    loops.partner(
      gradient.byteOffset,
      end,
      down.byteOffset,
      allDiagonals.byteOffset,
      rowI.byteOffset,
      result.byteOffset,
      smallestUp,
      diagonalI,
    );
    const odd = result[1]! * result[2]! > result[0]! * result[3]!;
    return odd ? result[5]! : result[4]!;
  }

  /** The ends of the gradient as it is. */
  findEnds(): void {
    const { gradient, up, down } = this;
    this.lowest = -1;
    this.smallestUp = Infinity;
    this.largestDown = -Infinity;
    for (let k = 0; k < this.count; k += 1) {
      const rising = gradient[k]! + up[k]!;
      if (rising < this.smallestUp) {
        this.smallestUp = rising;
        this.lowest = k;
      }
      this.largestDown = Math.max(this.largestDown, gradient[k]! + down[k]!);
    }
  }

  /** Leaves out the positions that need not stay; the others keep their order. */
  keep(stays: (position: number) => boolean): void {
    const { index, gradient, up, down, diagonal } = this;
    let kept = 0;
    let lowest = -1;
    for (let k = 0; k < this.count; k += 1) {
      if (!stays(k)) continue;
      if (k === this.lowest) lowest = kept;
      index[kept] = index[k]!;
      gradient[kept] = gradient[k]!;
      up[kept] = up[k]!;
      down[kept] = down[k]!;
      diagonal[kept] = diagonal[k]!;
      kept += 1;
    }
    this.count = kept;
    this.lowest = lowest;
  }

  private descendSome(rowI: Float32Array, rowJ: Float32Array, delta: number): void {
    const { count, index, gradient, up, down } = this;
    let lowest = -1;
    let smallestUp = Infinity;
    let largestDown = -Infinity;
    for (let k = 0; k < count; k += 1) {
      const place = index[k]!;
      const value = gradient[k]! + delta * (rowI[place]! - rowJ[place]!);
      gradient[k] = value;
      const rising = value + up[k]!;
      if (rising < smallestUp) {
        smallestUp = rising;
        lowest = k;
      }
      const falling = value + down[k]!;
      if (falling > largestDown) largestDown = falling;
    }
    this.lowest = lowest;
    this.smallestUp = smallestUp;
    this.largestDown = largestDown;
  }

  private partnerAmongSome(rowI: Float32Array, diagonalI: number): number {
    const { count, index, gradient, down, diagonal, smallestUp } = this;
    let best = -1;
    let bestSquare = 0;
    let bestCurvature = 1;
    for (let k = 0; k < count; k += 1) {
      const gap = gradient[k]! + down[k]! - smallestUp;
      if (gap > 0) {
        const square = gap * gap;
        const curvature = Math.max(diagonalI + diagonal[k]! - 2 * rowI[index[k]!]!, LEAST_CURVATURE);
        if (square * bestCurvature > bestSquare * curvature) {
          best = k;
          bestSquare = square;
          bestCurvature = curvature;
        }
      }
    }
    return best;
  }
}
