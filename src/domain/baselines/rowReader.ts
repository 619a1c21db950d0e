import type { Series } from '../series/types';

/** What a value rule found when it may use rows before `cut` only. */
export type Reading =
  /** the value is made of rows before the cut; NaN = one of them is missing or there is none */
  | number
  /** a row at or after the cut would be used */
  | 'tooLate';

/** The value rules of pipeline.md 8.4 for single instants, on rows that end before a cut. */
export class RowReader {
  private readonly times: Float64Array;
  private readonly values: Float64Array;
  private readonly first: number;
  private readonly last: number;
  /** for each row the newest row up to it that is not missing, −1 when there is none */
  private readonly newestNumeric: Int32Array;

  constructor({ times, values }: Series) {
    this.times = times;
    this.values = values;
    this.first = times[0]!;
    this.last = times[times.length - 1]!;
    this.newestNumeric = new Int32Array(values.length);
    for (let row = 0, newest = -1; row < values.length; row++) {
      if (!Number.isNaN(values[row]!)) newest = row;
      this.newestNumeric[row] = newest;
    }
  }

  /** Value of the newest row before the cut that is not missing; NaN without one. */
  newestBefore(cut: number): number {
    const row = this.firstAtOrAfter(cut) - 1;
    return row < 0 ? NaN : this.valueAt(this.newestNumeric[row]!);
  }

  /** Rule A: the straight line between the rows around the instant. */
  linear(instant: number, cut: number): Reading {
    if (instant < this.first) return NaN;
    const right = this.firstAtOrAfter(instant);
    if (right === this.times.length || this.times[right]! >= cut) return 'tooLate';
    if (this.times[right] === instant) return this.values[right]!;
    const left = right - 1;
    const from = this.times[left]!;
    return ((instant - from) / (this.times[right]! - from)) * (this.values[right]! - this.values[left]!) + this.values[left]!;
  }

  /** Rule D: the nearest row, of two equally near ones the earlier. */
  nearest(instant: number, cut: number): Reading {
    if (instant < this.first) return NaN;
    if (instant > this.last) return 'tooLate';
    const right = this.firstAtOrAfter(instant);
    const left = right - 1;
    const useLeft = left >= 0 && instant - this.times[left]! <= this.times[right]! - instant;
    const row = useLeft && this.times[right] !== instant ? left : right;
    return this.times[row]! >= cut ? 'tooLate' : this.values[row]!;
  }

  /** Rule C: mean of the rows in (left, right] that are not missing. */
  cellMean(left: number, right: number, cut: number): Reading {
    if (right < this.first) return NaN;
    if (right > this.last) return 'tooLate';
    return this.mean(this.firstAfter(left), this.firstAfter(right), right, cut);
  }

  /** Rule B: mean of the rows in [start, end) that are not missing. */
  horizonMean(start: number, end: number, cut: number): Reading {
    if (start < this.first) return NaN;
    if (end > this.last) return 'tooLate';
    return this.mean(this.firstAtOrAfter(start), this.firstAtOrAfter(end), end, cut);
  }

  /** Mean over rows from … to − 1; that an interval is empty is known only when it ends before the cut. */
  private mean(from: number, to: number, end: number, cut: number): Reading {
    if (from === to) return end < cut ? NaN : 'tooLate';
    if (this.times[to - 1]! >= cut) return 'tooLate';
    let sum = 0;
    let count = 0;
    for (let row = from; row < to; row += 1) {
      const value = this.values[row]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    return sum / count; // NaN when all are missing
  }

  private valueAt(row: number): number {
    return row < 0 ? NaN : this.values[row]!;
  }

  /** First row with time ≥ instant; row count when there is none. */
  private firstAtOrAfter(instant: number): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle]! < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** First row with time > instant; times are whole µs. */
  private firstAfter(instant: number): number {
    return this.firstAtOrAfter(instant + 1);
  }
}
