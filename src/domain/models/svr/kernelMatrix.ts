import { BLOCK, KernelRows } from './kernelRows';
import { Arena, LARGEST_ARENA, padded } from './simd/arena';
import type { KernelFunction } from './types';

/** Rows needed at the same time: those of the two variables of a step. */
const FEWEST_ROWS = 2;
const { BYTES_PER_ELEMENT: F32 } = Float32Array;
const { BYTES_PER_ELEMENT: F64 } = Float64Array;
/** Arrays of a solver beside the diagonal, and the values its loops answer with. */
const ARRAYS_PER_SOLVER = 4;
const RESULTS = 8;

/**
 * Rows of the kernel matrix in float32, kept within a fixed number of bytes, least recently used out first. All outputs share it: the matrix
 * does not depend on the targets.
 */
export class KernelMatrix {
  readonly arena: Arena;
  /** K(t, t) of every point */
  readonly diagonal: Float64Array;
  private readonly points: KernelRows;
  private readonly columns: Float64Array;
  private readonly point: Float64Array;
  private readonly cached: (Float32Array | undefined)[];
  private readonly spare: Float32Array;
  // circular list of the cached rows from the most to the least recently used, by neighbours; entry `size` is its head
  private readonly newer: Int32Array;
  private readonly older: Int32Array;
  private readonly capacity: number;
  private held = 0;

  /**
   * @param x      points, column-major: feature f of point t at f · size + t
   * @param size   number of points
   * @param bytes  bound of the rows kept
   * @param solvers how many will work on it
   */
  constructor(
    private readonly fn: KernelFunction,
    x: Float64Array,
    readonly size: number,
    bytes: number,
    solvers: number,
  ) {
    const features = x.length / size;
    const width = padded(size);
    const fixed = (width * (features + 1 + solvers * ARRAYS_PER_SOLVER) + padded(features) + solvers * RESULTS) * F64 + width * F32;
    const rows = Math.floor(Math.min(bytes, LARGEST_ARENA - fixed) / (width * F32));
    this.capacity = Math.min(Math.max(FEWEST_ROWS, rows), size);
    this.arena = new Arena(fixed + this.capacity * width * F32);
    this.columns = this.arena.float64(features * width);
    for (let f = 0; f < features; f += 1) this.columns.set(x.subarray(f * size, (f + 1) * size), f * width);
    this.point = this.arena.float64(features);
    this.spare = this.arena.float32(size);
    this.diagonal = this.arena.float64(size);
    this.points = new KernelRows(fn, this.columns, features, width);
    this.diagonal.fill(1);
    if (fn.kernel !== 'rbf') for (let t = 0; t < size; t += 1) this.diagonal[t] = this.points.evaluate(this.takePoint(t), t, 1)[0]!;
    this.cached = new Array<Float32Array | undefined>(size).fill(undefined);
    this.newer = new Int32Array(size + 1).fill(size);
    this.older = new Int32Array(size + 1).fill(size);
  }

  /** Row t, padded with numbers that mean nothing; valid until two other rows have been asked for. */
  row(t: number): Float32Array {
    let row = this.cached[t];
    if (row) this.unlink(t);
    else row = this.cached[t] = this.calculate(t, this.space());
    this.link(t);
    return row;
  }

  /** The same, but valid only until the next row is asked for, and no other row leaves the cache for it. */
  glance(t: number): Float32Array {
    return this.cached[t] ?? this.calculate(t, this.spare);
  }

  private space(): Float32Array {
    if (this.held < this.capacity) {
      this.held += 1;
      return this.arena.float32(this.size);
    }
    const oldest = this.newer[this.size]!;
    const space = this.cached[oldest]!;
    this.cached[oldest] = undefined;
    this.unlink(oldest);
    return space;
  }

  private calculate(t: number, row: Float32Array): Float32Array {
    const { fn, arena, columns } = this;
    const point = this.takePoint(t);
    const stride = row.length * F64;
    const fill = (loop: typeof arena.loops.radialRow, factor: number, offset: number, degree: number): void =>
      loop(
        columns.byteOffset,
        stride,
        columns.byteOffset + columns.byteLength,
        point.byteOffset,
        row.byteOffset,
        row.byteOffset + row.byteLength,
        factor,
        offset,
        degree - 1,
      );
    switch (fn.kernel) {
      case 'rbf':
        fill(arena.loops.radialRow, -fn.gamma * Math.LOG2E, 0, 1);
        break;
      case 'linear':
        fill(arena.loops.productRow, 1, 0, 1);
        break;
      case 'poly':
        fill(arena.loops.productRow, fn.gamma, fn.coef0, fn.degree);
        break;
      case 'sigmoid':
        for (let from = 0; from < row.length; from += BLOCK)
          row.set(this.points.evaluate(point, from, Math.min(BLOCK, row.length - from)), from);
    }
    return row;
  }

  private takePoint(t: number): Float64Array {
    const { point, columns } = this;
    const width = this.points.count;
    for (let f = 0; f < this.points.features; f += 1) point[f] = columns[f * width + t]!;
    return point;
  }

  private unlink(t: number): void {
    this.older[this.newer[t]!] = this.older[t]!;
    this.newer[this.older[t]!] = this.newer[t]!;
  }

  private link(t: number): void {
    const head = this.size;
    const first = this.older[head]!;
    this.older[head] = t;
    this.newer[t] = head;
    this.older[t] = first;
    this.newer[first] = t;
  }
}
