import { addMultiple, descend, descendActive, Ends, LEAST_CURVATURE, partner, partnerActive } from './passes';
import type { RowCache } from './rowCache';

/** Multiply-adds between two yields: some milliseconds. */
const WORK_BETWEEN_YIELDS = 4_000_000;
/** Steps between two looks for variables that may rest, as in LIBSVM. */
const STEPS_BETWEEN_RESTS = 1000;

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
  // of the active variables, in the order of `index`
  private active: number;
  private readonly index: Int32Array;
  private readonly gradient: Float64Array;
  /** slope upwards minus gradient: ε, −ε below zero, ∞ at the upper bound */
  private readonly up: Float64Array;
  /** slope downwards minus gradient: −ε, ε above zero, −∞ at the lower bound */
  private readonly down: Float64Array;
  private readonly diagonal: Float64Array;
  /** Σ β K over the variables at a bound, for every variable: most of a gradient that is calculated anew */
  private readonly boundSums: Float64Array;
  private readonly ends = new Ends();
  private work = 0;

  /**
   * @param targets y per variable
   * @param bounds  largest |β| per variable
   */
  constructor(
    private readonly rows: RowCache,
    private readonly targets: Float64Array,
    private readonly bounds: Float64Array,
    private readonly settings: DualSettings,
  ) {
    const n = targets.length;
    this.beta = new Float64Array(n);
    this.active = n;
    this.index = new Int32Array(n);
    this.gradient = new Float64Array(n);
    this.up = new Float64Array(n);
    this.down = new Float64Array(n);
    this.diagonal = new Float64Array(n);
    this.boundSums = new Float64Array(n);
    for (let t = 0; t < n; t += 1) this.place(t, t, -targets[t]!);
  }

  /** Runs to the optimum. @yields the violation of the optimality conditions, every few milliseconds; the result is what it returns */
  *solve(): Generator<number, DualSolution> {
    const { ends, settings } = this;
    const n = this.beta.length;
    const patience = Math.min(n, STEPS_BETWEEN_RESTS);
    let untilRest = patience;
    let approached = false;
    this.findEnds();
    for (;;) {
      // once before the end all take part again: what rested since the first steps may have been sent there too early
      const near: boolean = !approached && ends.violation <= 10 * settings.tolerance;
      approached ||= near;
      if (near || ends.violation < settings.tolerance) {
        if (this.active < n) {
          yield* this.wakeAll();
          this.findEnds();
          untilRest = near ? patience : 1;
        }
        if (ends.violation < settings.tolerance) break;
      }
      untilRest -= 1;
      if (settings.shrinking && untilRest <= 0) {
        untilRest = patience;
        this.rest();
      }
      if (!this.step()) break;
      this.work += this.active;
      if (this.work > WORK_BETWEEN_YIELDS) {
        this.work = 0;
        yield ends.violation;
      }
    }
    return { coefficients: this.beta, bias: this.bias() };
  }

  /** One variable rises, another falls by the same amount. @returns false when the step is lost in rounding: there is no better point */
  private step(): boolean {
    const { ends, index, beta, bounds, gradient, up, down, diagonal, active, rows } = this;
    const resting = active < beta.length;
    const i = ends.lowest;
    const { smallestUp } = ends;
    const rowI = rows.row(index[i]!);
    const j = resting
      ? partnerActive(active, gradient, down, diagonal, rowI, smallestUp, diagonal[i]!, index)
      : partner(active, gradient, down, diagonal, rowI, smallestUp, diagonal[i]!);
    if (j < 0) return false;
    const rowJ = rows.row(index[j]!);
    const rising = index[i]!;
    const falling = index[j]!;
    const curvature = Math.max(diagonal[i]! + diagonal[j]! - 2 * rowI[falling]!, LEAST_CURVATURE);
    const betaI = beta[rising]!;
    const betaJ = beta[falling]!;
    const roomUp = betaI < 0 ? -betaI : bounds[rising]! - betaI;
    const roomDown = betaJ > 0 ? betaJ : bounds[falling]! + betaJ;
    const delta = Math.min((gradient[j]! + down[j]! - smallestUp) / curvature, roomUp, roomDown);
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
    if (resting) descendActive(ends, active, gradient, up, down, rowI, rowJ, delta, index);
    else descend(ends, active, gradient, up, down, rowI, rowJ, delta);
    return true;
  }

  /** After a step: a variable that came to a bound or left it counts for the sums or no more. */
  private moveBoundSums(variable: number, before: number, row: Float32Array): void {
    const bound = this.bounds[variable]!;
    const after = this.beta[variable]!;
    const change = (Math.abs(after) === bound ? after : 0) - (Math.abs(before) === bound ? before : 0);
    if (change !== 0) addMultiple(this.boundSums, row, change);
  }

  /** Variable `variable` becomes active number `k`. */
  private place(k: number, variable: number, gradient: number): void {
    this.index[k] = variable;
    this.gradient[k] = gradient;
    this.diagonal[k] = this.rows.diagonals[variable]!;
    this.setSlopes(k, variable);
  }

  private setSlopes(k: number, variable: number): void {
    const { epsilon } = this.settings;
    const beta = this.beta[variable]!;
    const bound = this.bounds[variable]!;
    this.up[k] = beta < 0 ? -epsilon : beta < bound ? epsilon : Infinity;
    this.down[k] = beta > 0 ? epsilon : beta > -bound ? -epsilon : -Infinity;
  }

  private findEnds(): void {
    const { ends, active, gradient, up, down } = this;
    const none = new Float32Array(active);
    descend(ends, active, gradient, up, down, none, none, 0);
  }

  /** Leaves out variables at zero or at a bound that no remaining variable could be paired with for a gain. */
  private rest(): void {
    const { index, beta, bounds, gradient, up, down, diagonal } = this;
    const { smallestUp, largestDown } = this.ends;
    let kept = 0;
    for (let k = 0; k < this.active; k += 1) {
      const variable = index[k]!;
      const magnitude = Math.abs(beta[variable]!);
      const free = magnitude > 0 && magnitude < bounds[variable]!;
      if (!free && gradient[k]! + up[k]! > largestDown && gradient[k]! + down[k]! < smallestUp) continue;
      if (k === this.ends.lowest) this.ends.lowest = kept;
      index[kept] = variable;
      gradient[kept] = gradient[k]!;
      up[kept] = up[k]!;
      down[kept] = down[k]!;
      diagonal[kept] = diagonal[k]!;
      kept += 1;
    }
    this.active = kept;
  }

  /** Makes every variable active again; the gradients of those that rested are calculated anew, from the sums over bounds and the free variables. */
  private *wakeAll(): Generator<number> {
    const { index, beta, bounds, boundSums, targets, rows } = this;
    const n = beta.length;
    const gradients = new Float64Array(n).fill(NaN);
    for (let k = 0; k < this.active; k += 1) gradients[index[k]!] = this.gradient[k]!;
    const rested = Int32Array.from({ length: n - this.active });
    for (let t = 0, m = 0; t < n; t += 1) if (Number.isNaN(gradients[t]!)) rested[m++] = t;
    const sums = Float64Array.from(rested, (t) => boundSums[t]! - targets[t]!);
    const add = rows.partialSums(rested, sums);
    for (let t = 0; t < n; t += 1) {
      if (beta[t] === 0 || Math.abs(beta[t]!) === bounds[t]) continue;
      add(t, beta[t]!);
      this.work += rested.length;
      if (this.work > WORK_BETWEEN_YIELDS) {
        this.work = 0;
        yield this.ends.violation;
      }
    }
    rested.forEach((t, m) => (gradients[t] = sums[m]!));
    for (let t = 0; t < n; t += 1) this.place(t, t, gradients[t]!);
    this.active = n;
  }

  /** The slope at which no variable moves: the mean over the free ones, or the middle of what the others leave open. */
  private bias(): number {
    const { beta, bounds, gradient, up } = this;
    let sum = 0;
    let free = 0;
    for (let k = 0; k < this.active; k += 1) {
      const magnitude = Math.abs(beta[this.index[k]!]!);
      if (magnitude === 0 || magnitude >= bounds[this.index[k]!]!) continue;
      sum += gradient[k]! + up[k]!;
      free += 1;
    }
    return -(free > 0 ? sum / free : (this.ends.smallestUp + this.ends.largestDown) / 2);
  }
}
