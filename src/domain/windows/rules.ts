import type { Series } from '../series/types';
import type { SeriesSettings, StepConfig } from '../settings/types';
import { fillLinear, fillWith } from './fill';
import type { Filler } from './fill';
import { lastAtOrBefore, runningMean } from './rows';
import { seriesShape } from './shape';
import type { WindowShape } from './shape';
import { minutesUs } from './units';

type Rows = Pick<Series, 'times' | 'values'>;

/**
 * Value of a series at the instant u; `left` is the left end of the averaging cell, of use to rule C only.
 * NaN = undetermined. Fastest when instants ascend.
 */
export type Sampler = (u: number, left: number) => number;

/** Where the values of one column's windows come from. */
export type ColumnSource =
  /** one value per point of the window; `fill` gives those of a grid of instants at once */
  | { kind: 'points'; shape: WindowShape; at: Sampler; fill: Filler }
  /** one value per reference time, repeated N times */
  | { kind: 'repeated'; shape: WindowShape; at: (ref: number) => number };

/** Chooses the value rule of a series (pipeline.md 4 and 8.4). */
export function seriesSource(rows: Rows, series: SeriesSettings, steps: StepConfig): ColumnSource {
  const shape = seriesShape(series, steps);
  if (series.dataForm === 'currentValue') {
    const sample = sampler(rows, series.alignment);
    const cell = minutesUs(steps.referenceStepMin);
    return { kind: 'repeated', shape, at: (ref) => sample(ref, ref - cell) };
  }
  if (series.horizonMean) {
    const mean = horizonMean(rows);
    return { kind: 'repeated', shape, at: (ref) => mean(ref + shape.startUs, ref + shape.endUs) };
  }
  const at = sampler(rows, series.alignment);
  return { kind: 'points', shape, at, fill: series.alignment === 'linear' ? fillLinear(rows) : fillWith(at) };
}

export function sampler(rows: Rows, alignment: SeriesSettings['alignment']): Sampler {
  switch (alignment) {
    case 'linear':
      return linear(rows);
    case 'mean':
      return cellMean(rows);
    case 'nearest':
      return nearest(rows);
  }
}

/** Rule A: (u − t_p)/(t_q − t_p)·(v_q − v_p) + v_p between the rows around u; the row itself where u hits one. */
export function linear({ times, values }: Rows): Sampler {
  let p = 0;
  return (u) => {
    p = lastAtOrBefore(times, u, p);
    if (p < 0) return NaN;
    const before = times[p]!;
    if (before === u) return values[p]!;
    if (p + 1 >= times.length) return NaN;
    return ((u - before) / (times[p + 1]! - before)) * (values[p + 1]! - values[p]!) + values[p]!;
  };
}

/** Rule C: mean of the non-missing rows in (left, u]. */
export function cellMean({ times, values }: Rows): Sampler {
  const rows = runningMean(values);
  let [l, r] = [0, 0];
  return (u, left) => {
    l = lastAtOrBefore(times, left, l);
    r = lastAtOrBefore(times, u, r);
    return rows.mean(l + 1, r + 1);
  };
}

/** Rule D: value of the row nearest in time; a tie goes to the earlier row. */
export function nearest({ times, values }: Rows): Sampler {
  let p = 0;
  return (u) => {
    p = lastAtOrBefore(times, u, p);
    if (p < 0) return NaN;
    if (p + 1 >= times.length) return times[p] === u ? values[p]! : NaN;
    return u - times[p]! <= times[p + 1]! - u ? values[p]! : values[p + 1]!;
  };
}

/** Rule B: mean of the non-missing rows with a ≤ t < b. */
export function horizonMean({ times, values }: Rows): (a: number, b: number) => number {
  const rows = runningMean(values);
  let [from, to] = [0, 0];
  return (a, b) => {
    from = lastAtOrBefore(times, a, from);
    to = lastAtOrBefore(times, b, to);
    return rows.mean(times[from] === a ? from : from + 1, times[to] === b ? to : to + 1);
  };
}
