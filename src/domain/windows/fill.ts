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
    let p = -1;
    let next = times[0]!; // time of row p + 1
    for (let i = 0; i < out.length; i++) {
      const u = origin + i * cell;
      if (next <= u) {
        p++;
        next = p < last ? times[p + 1]! : Infinity;
        if (next <= u) {
          p = lastAtOrBefore(times, u, p + 1);
          next = p < last ? times[p + 1]! : Infinity;
        }
      }
      if (p < 0) out[i] = NaN;
      else {
        const before = times[p]!;
        const value = values[p]!;
        if (before === u) out[i] = value;
        else out[i] = p < last ? ((u - before) / (next - before)) * (values[p + 1]! - value) + value : NaN;
      }
    }
  };
}
