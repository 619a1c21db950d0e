import type { RowSource, SvrOptions } from '../../../../src/domain/models';
import { Random } from '../../../../src/domain/random';

/** Rows given as lists, in blocks of seven. */
export const sourceOf = (x: readonly number[][], y: readonly number[][]): RowSource => ({
  features: x[0]!.map((_, f) => `x${f}`),
  targets: y[0]!.map((_, j) => `y${j}`),
  *blocks() {
    for (let from = 0; from < x.length; from += 7) {
      const [some, wanted] = [x.slice(from, from + 7), y.slice(from, from + 7)];
      yield { rows: some.length, x: Float64Array.from(some.flat()), y: Float64Array.from(wanted.flat()) };
    }
  },
});

export const OPTIONS: SvrOptions = { kernel: 'rbf', c: 1, epsilon: 0.1, subsample: null, seed: 42 };
export const KERNELS = ['linear', 'poly', 'rbf', 'sigmoid'] as const;

/** A curved surface with noise, `features` columns of very different spread. */
export function surface(rows: number, features: number, seed = 1): { x: number[][]; y: number[][] } {
  const random = Random.stream(seed, 1);
  const x = Array.from({ length: rows }, () => Array.from({ length: features }, (_, f) => (random.normal() + f) * 10 ** (f % 3)));
  const y = x.map((row) => [Math.sin(row[0]!) + 0.2 * random.normal(), 0.3 * row[0]! ** 2 + 0.1 * random.normal()]);
  return { x, y };
}
