import type { Nested } from './types';

/** The numbers of a nested list in row-major order. */
export function flatten(values: readonly Nested[]): number[] {
  return values.flatMap((value) => (typeof value === 'number' ? value : flatten(value)));
}
