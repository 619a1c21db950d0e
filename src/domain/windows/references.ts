import type { StepConfig } from '../settings/types';
import { HOUR_US, MINUTE_US, minutesUs } from './units';

/** First and last row time of a series, µs. */
export interface TimeRange {
  firstTime: number;
  lastTime: number;
}

/** The candidate reference times of a session (pipeline.md 8.1), numbered 0 … count − 1. */
export interface ReferenceTimes {
  /** origin of the grid, µs */
  base: number;
  /** distance of two references, µs; not rounded, so that a long walk does not drift */
  step: number;
  /** grid number of candidate 0 */
  first: number;
  count: number;
  /** utc_strt and utc_end */
  rangeStart: number;
  rangeEnd: number;
}

/**
 * Candidates `base + round(k·DELT)` with utc_strt ≤ ref ≤ utc_end, where utc_strt and utc_end are the earliest first and
 * earliest last row of the inputs and `base` = utc_strt floored to the full hour − 1 h + OFST.
 */
export function referenceTimes(steps: StepConfig, inputs: readonly TimeRange[]): ReferenceTimes {
  const rangeStart = Math.min(...inputs.map(({ firstTime }) => firstTime));
  const rangeEnd = Math.min(...inputs.map(({ lastTime }) => lastTime));
  const base = Math.floor(rangeStart / HOUR_US) * HOUR_US - HOUR_US + minutesUs(steps.referenceOffsetMin);
  const grid: ReferenceTimes = { base, step: steps.referenceStepMin * MINUTE_US, first: 0, count: 0, rangeStart, rangeEnd };
  const first = firstAtOrAfter(grid, rangeStart);
  return { ...grid, first, count: Math.max(0, firstAfter(grid, rangeEnd) - first) };
}

/** Reference time of a candidate, µs. */
export function referenceTime(references: ReferenceTimes, candidate: number): number {
  return references.base + Math.round((references.first + candidate) * references.step);
}

/** Distance of neighbouring candidates when it is the same whole number of µs everywhere; null otherwise. */
export function uniformStep(references: ReferenceTimes): number | null {
  const whole = Math.round(references.step);
  const drift = Math.abs(references.step - whole) * (references.first + references.count);
  return drift < 0.5 ? whole : null;
}

/** Candidates whose window `ref + startUs … ref + endUs` lies within a series: first … end − 1. */
export function candidatesWithin(
  references: ReferenceTimes,
  range: TimeRange,
  window: { startUs: number; endUs: number },
): { first: number; end: number } {
  const first = firstAtOrAfter(references, range.firstTime - window.startUs) - references.first;
  const end = firstAfter(references, range.lastTime - window.endUs) - references.first;
  return { first: Math.max(0, first), end: Math.max(0, Math.min(end, references.count)) };
}

/** Grid number of the first reference ≥ time; the quotient is one off at most, by rounding. */
function firstAtOrAfter(grid: ReferenceTimes, time: number): number {
  const at = (k: number) => grid.base + Math.round(k * grid.step);
  let k = Math.max(0, Math.ceil((time - grid.base) / grid.step));
  if (k > Number.MAX_SAFE_INTEGER) return k; // far past every candidate; one more or less is not representable
  while (at(k) < time) k++;
  while (k > 0 && at(k - 1) >= time) k--;
  return k;
}

/** Grid number of the first reference > time; instants are whole µs. */
function firstAfter(grid: ReferenceTimes, time: number): number {
  return firstAtOrAfter(grid, time + 1);
}
