import { BLOCK } from './kernelRows';
import type { KernelRows } from './kernelRows';

/** Rows needed at the same time: those of the two variables of a step. */
const FEWEST_ROWS = 2;

/**
 * Rows of the kernel matrix in float32, least recently used out first, within a fixed number of bytes. All outputs share it: the matrix
 * does not depend on the targets.
 */
export class RowCache {
  private readonly rows: (Float32Array | undefined)[];
  private readonly diagonal: Float64Array;
  private readonly point: Float64Array;
  /** circular list of the cached rows from the most to the least recently used, by neighbours; its head is entry `size` */
  private readonly newer: Int32Array;
  private readonly older: Int32Array;
  private readonly capacity: number;
  private held = 0;
  /** rows calculated so far */
  computed = 0;

  constructor(
    private readonly kernel: KernelRows,
    bytes: number,
  ) {
    const size = kernel.count;
    this.capacity = Math.max(FEWEST_ROWS, Math.floor(bytes / (size * Float32Array.BYTES_PER_ELEMENT)));
    this.rows = new Array<Float32Array | undefined>(size).fill(undefined);
    this.newer = new Int32Array(size + 1).fill(size);
    this.older = new Int32Array(size + 1).fill(size);
    this.point = new Float64Array(kernel.features);
    this.diagonal = new Float64Array(size);
    for (let t = 0; t < size; t += 1) {
      kernel.copyPoint(t, this.point);
      this.diagonal[t] = kernel.evaluate(this.point, t, 1)[0]!;
    }
  }

  get size(): number {
    return this.rows.length;
  }

  /** K(t, t) of every point. */
  get diagonals(): Float64Array {
    return this.diagonal;
  }

  /** Row t of the kernel matrix; valid until two other rows have been asked for. */
  row(t: number): Float32Array {
    let row = this.rows[t];
    if (row) this.unlink(t);
    else row = this.rows[t] = this.compute(t, this.space());
    this.link(t);
    return row;
  }

  /**
   * Adds up some columns of several rows without pushing others out of the cache: what is cached is read, the rest is calculated for these
   * columns alone.
   *
   * @returns adds factor · K(t, columns) to the sums, which have the order of the columns
   */
  partialSums(columns: Int32Array, sums: Float64Array): (t: number, factor: number) => void {
    const some = this.kernel.only(columns);
    return (t, factor) => {
      const row = this.rows[t];
      if (row) for (let m = 0; m < columns.length; m += 1) sums[m] = sums[m]! + factor * row[columns[m]!]!;
      else {
        this.kernel.copyPoint(t, this.point);
        for (let from = 0; from < columns.length; from += BLOCK) {
          const count = Math.min(BLOCK, columns.length - from);
          const values = some.evaluate(this.point, from, count);
          // as a cached row would hold them: the same number whatever the size of the cache
          for (let m = 0; m < count; m += 1) sums[from + m] = sums[from + m]! + factor * Math.fround(values[m]!);
        }
      }
    };
  }

  private space(): Float32Array {
    if (this.held < this.capacity) {
      this.held += 1;
      return new Float32Array(this.size);
    }
    const oldest = this.newer[this.size]!;
    const space = this.rows[oldest]!;
    this.rows[oldest] = undefined;
    this.unlink(oldest);
    return space;
  }

  private compute(t: number, row: Float32Array): Float32Array {
    const { kernel, point } = this;
    this.computed += 1;
    kernel.copyPoint(t, point);
    for (let from = 0; from < row.length; from += BLOCK) {
      const count = Math.min(BLOCK, row.length - from);
      const values = kernel.evaluate(point, from, count);
      for (let k = 0; k < count; k += 1) row[from + k] = values[k]!;
    }
    return row;
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
