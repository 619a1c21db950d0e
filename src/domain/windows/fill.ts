import type { Series } from '../series/types';
import { lastAtOrBefore } from './rows';
import type { Sampler } from './rules';

/**
 * Writes the values at the instants origin + i·cell (µs, ascending) to out[i], i = 0 … out.length − 1; NaN = undetermined.
 * `length` is the length of the averaging cell before each instant, of use to rule C only.
 */
export type Filler = (out: Float64Array, origin: number, cell: number, length: number) => void;

/** One call of a rule per instant. */
export function fillWith(at: Sampler): Filler {
  return (out, origin, cell, length) => {
    for (let i = 0; i < out.length; i++) {
      const u = origin + i * cell;
      out[i] = at(u, u - length);
    }
  };
}

/** Rule A in one loop, walking along the rows: most columns are filled by it. The same arithmetic as `linear`, so the same numbers. */
export function fillLinear({ times, values }: Pick<Series, 'times' | 'values'>): Filler {
  const last = times.length - 1;
  return (out, origin, cell) => {
    let p = -1; // last row ≤ the instant before
    for (let i = 0; i < out.length; i++) {
      // rows on the grid, one per cell, as in most files
      while (p < last && i < out.length && times[p + 1] === origin + i * cell) out[i++] = values[++p]!;
      if (i === out.length) return;
      const u = origin + i * cell;
      if (p < last && times[p + 1]! <= u) p = lastAtOrBefore(times, u, p + 1);
      if (p < 0) out[i] = NaN;
      else if (times[p] === u) out[i] = values[p]!;
      else if (p === last) out[i] = NaN;
      else {
        const before = times[p]!;
        out[i] = ((u - before) / (times[p + 1]! - before)) * (values[p + 1]! - values[p]!) + values[p]!;
      }
    }
  };
}
