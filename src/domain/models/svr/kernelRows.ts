import { decay } from './exponential';
import type { KernelFunction } from './types';

/** Points evaluated at a time: the sums stay in the first-level cache. */
export const BLOCK = 1024;

/** Evaluates one kernel between any point and blocks of fixed points. The fixed points are held by columns: one short loop per pair of columns. */
export class KernelRows {
  private readonly sums = new Float64Array(BLOCK);

  /** @param columns fixed points, column-major: value f of point t at f · count + t */
  constructor(
    private readonly fn: KernelFunction,
    private readonly columns: Float64Array,
    readonly features: number,
    readonly count: number,
  ) {}

  /** K(point, fixed points from … from + count − 1), at most {@link BLOCK} of them; overwritten by the next call. */
  evaluate(point: Float64Array, from: number, count: number): Float64Array {
    const { sums, fn } = this;
    const { kernel, gamma, coef0 } = fn;
    if (kernel === 'rbf') {
      this.squaredDistances(point, from, count);
      decay(sums, count, gamma);
    } else {
      this.products(point, from, count);
      if (kernel === 'poly') power(sums, count, gamma, coef0, fn.degree);
      else if (kernel === 'sigmoid') for (let t = 0; t < count; t += 1) sums[t] = Math.tanh(gamma * sums[t]! + coef0);
    }
    return count === BLOCK ? sums : sums.subarray(0, count);
  }

  private squaredDistances(point: Float64Array, from: number, count: number): void {
    const { sums, columns } = this;
    sums.fill(0, 0, count);
    const at = (f: number): number => f * this.count + from;
    let f = 0;
    for (; f + 3 < this.features; f += 4) {
      addSquares4(sums, count, columns, at(f), this.count, point[f]!, point[f + 1]!, point[f + 2]!, point[f + 3]!);
    }
    for (; f + 1 < this.features; f += 2) addSquares2(sums, count, columns, at(f), this.count, point[f]!, point[f + 1]!);
    if (f < this.features) addSquares(sums, count, columns, at(f), point[f]!);
  }

  private products(point: Float64Array, from: number, count: number): void {
    const { sums, columns } = this;
    sums.fill(0, 0, count);
    for (let f = 0; f < this.features; f += 1) addProducts(sums, count, columns, f * this.count + from, point[f]!);
  }
}

function addSquares4(
  sums: Float64Array,
  count: number,
  columns: Float64Array,
  at: number,
  stride: number,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  for (let t = 0; t < count; t += 1) {
    const e = columns[at + t]! - a;
    const f = columns[at + stride + t]! - b;
    const g = columns[at + 2 * stride + t]! - c;
    const h = columns[at + 3 * stride + t]! - d;
    sums[t] = sums[t]! + e * e + f * f + g * g + h * h;
  }
}

function addSquares2(sums: Float64Array, count: number, columns: Float64Array, at: number, stride: number, a: number, b: number): void {
  for (let t = 0; t < count; t += 1) {
    const d = columns[at + t]! - a;
    const e = columns[at + stride + t]! - b;
    sums[t] = sums[t]! + d * d + e * e;
  }
}

function addSquares(sums: Float64Array, count: number, columns: Float64Array, at: number, a: number): void {
  for (let t = 0; t < count; t += 1) {
    const d = columns[at + t]! - a;
    sums[t] = sums[t]! + d * d;
  }
}

function addProducts(sums: Float64Array, count: number, columns: Float64Array, at: number, a: number): void {
  for (let t = 0; t < count; t += 1) sums[t] = sums[t]! + columns[at + t]! * a;
}

function power(sums: Float64Array, count: number, gamma: number, coef0: number, degree: number): void {
  for (let t = 0; t < count; t += 1) {
    const base = gamma * sums[t]! + coef0;
    let value = base;
    for (let k = 1; k < degree; k += 1) value *= base;
    sums[t] = value;
  }
}
