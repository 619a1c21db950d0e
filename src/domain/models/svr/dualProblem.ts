import { ActiveSet } from './activeSet';
import type { KernelMatrix } from './kernelMatrix';
import { LEAST_CURVATURE } from './simd/gradientLoops';

/** Multiply-adds between two yields: some milliseconds. */
const WORK_BETWEEN_YIELDS = 4_000_000;
/** Steps between two looks for variables that may rest, as in LIBSVM. */
const STEPS_BETWEEN_RESTS = 1000;
/** The loops over all variables are as much faster for each than those over some, */
const COMPLETE_IS_FASTER = 4;
/** and over fewer than these they cost no more than the rest of a step. */
const FEWEST_TO_REST = 2000;

export interface DualSettings {
  epsilon: number;
  tolerance: number;
  shrinking: boolean;
}

export interface DualSolution {
  /** α − α* of every variable */
  coefficients: Float64Array;
  bias: number;
}

/**
 * The dual problem of one ε-SVR, solved by sequential minimal optimisation:
 *
 *     min ½ βᵀKβ − yᵀβ + ε‖β‖₁   subject to   Σβ = 0,  −bound ≤ β ≤ bound
 *
 * with β = α − α*. LIBSVM keeps α and α* as two variables; one of them is always 0, so a single β, its gradient g = Kβ − y and the slopes
 * g ± ε of its two directions hold the same and take half the work. The step, the choice of its two variables and the resting of settled
 * ones (shrinking) are LIBSVM's.
 *
 * @see Fan, Chen & Lin (2005); Chang & Lin (2011), "LIBSVM: a library for support vector machines"
 */
export class DualProblem {
  private readonly beta: Float64Array;
  private readonly set: ActiveSet;
  /** Σ β K over the variables at a bound, for every variable: most of a gradient that is calculated anew */
  private readonly boundSums: Float64Array;
  private work = 0;

  /**
   * @param targets y per variable
   * @param bounds  largest |β| per variable
   */
  constructor(
    private readonly matrix: KernelMatrix,
    private readonly targets: Float64Array,
    private readonly bounds: Float64Array,
    private readonly settings: DualSettings,
  ) {
    this.beta = new Float64Array(matrix.size);
    this.set = new ActiveSet(matrix);
    this.boundSums = matrix.arena.float64(matrix.size);
    for (let t = 0; t < targets.length; t += 1) this.place(t, t, -targets[t]!);
  }

  /** Runs to the optimum. @yields the violation of the optimality conditions, every few milliseconds; the result is what it returns */
  *solve(): Generator<number, DualSolution> {
    const { set, settings } = this;
    const patience = Math.min(this.beta.length, STEPS_BETWEEN_RESTS);
    let untilRest = patience;
    let approached = false;
    set.findEnds();
    for (;;) {
      // once before the end all take part again: what rested since the first steps may have been sent there too early
      const near: boolean = !approached && set.violation <= 10 * settings.tolerance;
      approached ||= near;
      if (near || set.violation < settings.tolerance) {
        if (!set.complete) {
          yield* this.wakeAll();
          set.findEnds();
          untilRest = near ? patience : 1;
        }
        if (set.violation < settings.tolerance) break;
      }
      untilRest -= 1;
      if (settings.shrinking && untilRest <= 0) {
        untilRest = patience;
        this.rest();
      }
      if (!this.step()) break;
      this.work += set.count;
      if (this.work > WORK_BETWEEN_YIELDS) {
        this.work = 0;
        yield set.violation;
      }
    }
    return { coefficients: this.beta, bias: this.bias() };
  }

  /** One variable rises, another falls by the same amount. @returns false when the step is lost in rounding: there is no better point */
  private step(): boolean {
    const { set, beta, bounds, matrix } = this;
    const i = set.lowest;
    const rising = set.index[i]!;
    const rowI = matrix.row(rising);
    const j = set.partner(rowI);
    if (j < 0) return false;
    const falling = set.index[j]!;
    const rowJ = matrix.row(falling);
    const betaI = beta[rising]!;
    const betaJ = beta[falling]!;
    const curvature = Math.max(set.diagonal[i]! + set.diagonal[j]! - 2 * rowI[falling]!, LEAST_CURVATURE);
    const roomUp = betaI < 0 ? -betaI : bounds[rising]! - betaI;
    const roomDown = betaJ > 0 ? betaJ : bounds[falling]! + betaJ;
    const delta = Math.min((set.gradient[j]! + set.down[j]! - set.smallestUp) / curvature, roomUp, roomDown);
    // exactly onto a bound or zero, not beside it by a rounding
    beta[rising] = delta < roomUp ? betaI + delta : betaI < 0 ? 0 : bounds[rising]!;
    beta[falling] = delta < roomDown ? betaJ - delta : betaJ > 0 ? 0 : -bounds[falling]!;
    if (beta[rising] === betaI && beta[falling] === betaJ) return false;
    this.setSlopes(i, rising);
    this.setSlopes(j, falling);
    if (this.settings.shrinking) {
      this.moveBoundSums(rising, betaI, rowI);
      this.moveBoundSums(falling, betaJ, rowJ);
    }
    set.descend(rowI, rowJ, delta);
    return true;
  }

  /** After a step: a variable that came to a bound or left it counts for the sums or no more. */
  private moveBoundSums(variable: number, before: number, row: Float32Array): void {
    const { boundSums: sums, matrix } = this;
    const bound = this.bounds[variable]!;
    const after = this.beta[variable]!;
    const change = (Math.abs(after) === bound ? after : 0) - (Math.abs(before) === bound ? before : 0);
    if (change !== 0) matrix.arena.loops.addMultiple(sums.byteOffset, sums.byteOffset + sums.byteLength, row.byteOffset, change);
  }

  /** A variable takes part at this position. */
  private place(position: number, variable: number, gradient: number): void {
    const { set } = this;
    set.index[position] = variable;
    set.gradient[position] = gradient;
    set.diagonal[position] = this.matrix.diagonal[variable]!;
    this.setSlopes(position, variable);
  }

  private setSlopes(position: number, variable: number): void {
    const { epsilon } = this.settings;
    const beta = this.beta[variable]!;
    const bound = this.bounds[variable]!;
    this.set.up[position] = beta < 0 ? -epsilon : beta < bound ? epsilon : Infinity;
    this.set.down[position] = beta > 0 ? epsilon : beta > -bound ? -epsilon : -Infinity;
  }

  private isFree(variable: number): boolean {
    const magnitude = Math.abs(this.beta[variable]!);
    return magnitude > 0 && magnitude < this.bounds[variable]!;
  }

  /** Leaves out variables at zero or at a bound that no other could be paired with for a gain. */
  private rest(): void {
    const { set } = this;
    const { gradient, up, down, index, smallestUp, largestDown } = set;
    const stays = (k: number): boolean =>
      this.isFree(index[k]!) || gradient[k]! + up[k]! <= largestDown || gradient[k]! + down[k]! >= smallestUp;
    if (set.complete) {
      if (set.count < FEWEST_TO_REST) return;
      let staying = 0;
      for (let k = 0; k < set.count; k += 1) if (stays(k)) staying += 1;
      if (staying * COMPLETE_IS_FASTER > set.count) return;
    }
    set.keep(stays);
  }

  /** Makes every variable take part again; the gradients of those that rested are calculated anew, from the sums over bounds and the free variables. */
  private *wakeAll(): Generator<number> {
    const { set, beta, boundSums, targets, matrix } = this;
    const gradients = new Float64Array(beta.length).fill(NaN);
    for (let k = 0; k < set.count; k += 1) gradients[set.index[k]!] = set.gradient[k]!;
    const rested: number[] = [];
    for (let t = 0; t < beta.length; t += 1) {
      if (!Number.isNaN(gradients[t]!)) continue;
      rested.push(t);
      gradients[t] = boundSums[t]! - targets[t]!;
    }
    for (let s = 0; s < beta.length; s += 1) {
      if (!this.isFree(s)) continue;
      const row = matrix.glance(s);
      for (let m = 0; m < rested.length; m += 1) gradients[rested[m]!]! += beta[s]! * row[rested[m]!]!;
      this.work += beta.length;
      if (this.work > WORK_BETWEEN_YIELDS) {
        this.work = 0;
        yield set.violation;
      }
    }
    set.count = beta.length;
    for (let t = 0; t < beta.length; t += 1) this.place(t, t, gradients[t]!);
  }

  /** Minus the slope at which no variable moves: the mean over the free ones, or the middle of what the others leave open. */
  private bias(): number {
    const { set } = this;
    let sum = 0;
    let free = 0;
    for (let k = 0; k < set.count; k += 1) {
      if (!this.isFree(set.index[k]!)) continue;
      sum += set.gradient[k]! + set.up[k]!;
      free += 1;
    }
    return -(free > 0 ? sum / free : (set.smallestUp + set.largestDown) / 2);
  }
}
