import { TOLERANCE } from './tolerances';
import type { Tolerance } from './tolerances';

/** The comparison that came closest to its tolerance, or went furthest beyond. */
export interface WorstCheck {
  name: string;
  /** relative to max(|expected|, floor); 1 where text or structure differs */
  error: number;
  tolerance: number;
}

/** Counts the comparisons of one case. */
export class Checks {
  count = 0;
  /** one sentence per comparison that failed */
  readonly failures: string[] = [];
  worst: WorstCheck | null = null;

  get ok(): boolean {
    return this.count > 0 && this.failures.length === 0;
  }

  /** Text, counts, times, null. */
  same(name: string, actual: unknown, expected: unknown): void {
    if (typeof actual === 'number' && typeof expected === 'number') this.close(name, actual, expected, TOLERANCE.exact);
    else this.record(name, Object.is(actual, expected) ? 0 : 1, 0, actual, expected);
  }

  /** Two lists, element by element and in length. */
  sameList(name: string, actual: readonly unknown[], expected: readonly unknown[]): void {
    this.same(`${name} length`, actual.length, expected.length);
    expected.forEach((value, i) => {
      if (i < actual.length) this.same(`${name}[${i}]`, actual[i], value);
    });
  }

  /** A number, or null for undefined; null and a number never agree. */
  close(name: string, actual: number | null | undefined, expected: number | null, { relative, floor }: Tolerance): void {
    if (typeof actual !== 'number' || typeof expected !== 'number') {
      this.record(name, (actual ?? null) === (expected ?? null) ? 0 : 1, 0, actual, expected);
      return;
    }
    const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), floor);
    this.record(name, error, relative, actual, expected);
  }

  /** Something that cannot be compared at all. */
  fail(name: string, reason: string): void {
    this.count += 1;
    this.failures.push(`${name}: ${reason}`);
    this.remember({ name, error: 1, tolerance: 0 });
  }

  private record(name: string, error: number, tolerance: number, actual: unknown, expected: unknown): void {
    this.count += 1;
    // a comparison with NaN is a failure: !(x ≤ y) is true for it
    if (!(error <= tolerance)) this.failures.push(`${name}: ${String(actual)} instead of ${String(expected)}`);
    this.remember({ name, error: Number.isFinite(error) ? error : Number.MAX_VALUE, tolerance });
  }

  private remember(check: WorstCheck): void {
    if (!this.worst || severity(check) > severity(this.worst)) this.worst = check;
  }
}

/** Share of the tolerance used up; an exact comparison uses nothing or everything. */
const severity = ({ error, tolerance }: WorstCheck) => (error === 0 ? 0 : tolerance === 0 ? Infinity : error / tolerance);
