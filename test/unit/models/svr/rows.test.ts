import { fitSvr, predictSvr, runToEnd } from '../../../../src/domain/models';
import type { RowSource, SvrModelDocument } from '../../../../src/domain/models';
import { KernelMatrix } from '../../../../src/domain/models/svr/kernelMatrix';
import { trainingRows } from '../../../../src/domain/models/svr/trainingRows';
import { Random, STREAM } from '../../../../src/domain/random';
import { KERNELS, OPTIONS, sourceOf, surface } from './support';

const rowsOf = (source: RowSource, subsample: number | null = null, seed = 42) => runToEnd(trainingRows(source, subsample, seed));

describe('rows of a support vector model', () => {
  const { x, y } = surface(100, 3);

  it('are standardised per column by mean and population deviation', () => {
    const { means, deviations, x: z } = rowsOf(sourceOf([[1, 7], [2, 7], [3, 7], [6, 7]], [[0], [1], [2], [3]])); // prettier-ignore
    expect(means).toEqual([3, 7]);
    expect(deviations).toEqual([Math.sqrt((4 + 1 + 0 + 9) / 4), 1]); // a column without spread is only shifted
    expect(Array.from(z)).toEqual([-2, -1, 0, 3].map((value) => value / Math.sqrt(3.5)).concat([0, 0, 0, 0]));
  });

  it('give γ = 1/(features · variance over all elements), and 1 without any variance', () => {
    // one of two columns varies: the variance over all elements is ½, γ = 1/(2 · ½)
    const [half, none] = [[[1, 7], [2, 7], [3, 7]], [[7], [7], [7]]].map((rows) => runToEnd(fitSvr(sourceOf(rows, [[0], [1], [5]]), OPTIONS))); // prettier-ignore
    expect(half!.outputs[0]!.gamma).toBeCloseTo(1, 12);
    expect(none!.outputs[0]!.gamma).toBe(1);
    expect(runToEnd(fitSvr(sourceOf(x, y), OPTIONS)).outputs[0]!.gamma).toBeCloseTo(1 / 3, 12);
  });

  it('a spread within the rounding of its mean is none', () => {
    const { deviations } = rowsOf(sourceOf([[0.1 + 0.2], [0.3], [0.3]], [[0], [1], [2]]));
    expect(deviations).toEqual([1]);
  });

  it('are merged where they are equal in features and targets, and weigh as often in mean, deviation and variance', () => {
    const rows = rowsOf(sourceOf([[0], [3], [0], [-0], [3]], [[1], [2], [1], [1], [9]]));
    expect(rows).toMatchObject({ total: 5, used: 5, distinct: 3, means: [6 / 5] });
    expect([...rows.counts]).toEqual([3, 1, 1]);
    expect([...rows.y]).toEqual([1, 2, 9]);
    expect(rows.variance).toBeCloseTo(1, 12);
  });

  it('of a subsample are drawn by stream 4 of the seed and used in ascending order', () => {
    const drawn = Random.stream(7, STREAM.svrSubsample).sample(20, 100).sort();
    const chosen = rowsOf(
      sourceOf(
        drawn.reduce<number[][]>((list, t) => [...list, x[t]!], []),
        drawn.reduce<number[][]>((list, t) => [...list, y[t]!], []),
      ),
    );
    expect(rowsOf(sourceOf(x, y), 20, 7)).toEqual({ ...chosen, total: 100 });
    const options = { ...OPTIONS, subsample: 20, seed: 7 };
    expect(runToEnd(fitSvr(sourceOf(x, y), options)).rows).toEqual({ rows_total: 100, rows_used: 20, seed: 7 });
    expect(runToEnd(fitSvr(sourceOf(x, y), { ...options, subsample: 101 })).rows).toMatchObject({ rows_used: 100 });
  });

  it('must be there and finite', () => {
    expect(() => rowsOf({ features: ['a'], targets: ['b'], blocks: () => [] })).toThrow('at least one row');
    expect(() => rowsOf(sourceOf([[1], [NaN]], [[1], [2]]))).toThrow('finite');
    expect(() => rowsOf({ features: [], targets: ['b'], blocks: () => [] })).toThrow('at least one feature');
  });
});

describe('the kernel matrix', () => {
  const { x } = surface(2500, 5);
  const { x: columns, distinct } = rowsOf(
    sourceOf(
      x,
      x.map(() => [0]),
    ),
  );
  const point = (t: number) => Array.from({ length: 5 }, (_, f) => columns[f * distinct + t]!);
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, f) => sum + value * b[f]!, 0);
  const formulas = {
    linear: (a: number[], b: number[]) => dot(a, b),
    poly: (a: number[], b: number[]) => (0.2 * dot(a, b)) ** 3,
    rbf: (a: number[], b: number[]) => Math.exp(-0.2 * a.reduce((sum, value, f) => sum + (value - b[f]!) ** 2, 0)),
    sigmoid: (a: number[], b: number[]) => Math.tanh(0.2 * dot(a, b)),
  };
  const matrixOf = (kernel: (typeof KERNELS)[number], bytes = 1e9) =>
    new KernelMatrix({ kernel, gamma: 0.2, degree: 3, coef0: 0 }, columns, distinct, bytes, 1);

  it.each(KERNELS)('holds the %s kernel to the digits of float32', (kernel) => {
    const matrix = matrixOf(kernel);
    for (const t of [0, 1, 1023, 1024, 2498, 2499]) {
      const row = matrix.row(t);
      let worst = 0;
      for (let s = 0; s < distinct; s += 1) {
        const expected = formulas[kernel](point(t), point(s));
        worst = Math.max(worst, Math.abs(row[s]! - expected) / Math.max(1, Math.abs(expected)));
      }
      expect(worst).toBeLessThan(1.2e-7);
      expect(matrix.diagonal[t]).toBeCloseTo(formulas[kernel](point(t), point(t)), 9);
    }
  });

  it('keeps within its bytes and forgets the row that was used least recently', () => {
    const bytes = 3 * 2500 * 4;
    const matrix = matrixOf('rbf', bytes);
    const roomy = matrixOf('rbf', 100 * bytes);
    expect(roomy.arena.bytes - matrix.arena.bytes).toBeGreaterThan(98 * bytes); // the difference is rows alone
    const [a, b, c] = [10, 20, 30].map((t) => matrix.row(t));
    expect(matrix.row(10)).toBe(a);
    expect(matrix.row(40)).toBe(b); // 20 had to go
    expect(matrix.row(30)).toBe(c);
    expect(matrix.row(40)[20]).toBe(roomy.row(40)[20]);
  });

  it('shows a row at a glance without forgetting any', () => {
    const matrix = matrixOf('rbf', 2 * 2500 * 4);
    const [a, b] = [matrix.row(1), matrix.row(2)];
    expect(matrix.glance(3)[5]).toBe(matrixOf('rbf').row(3)[5]);
    expect([matrix.row(1), matrix.row(2)]).toEqual([a, b]);
    expect(matrix.row(1)).toBe(a);
  });
});

describe('a stored support vector model', () => {
  it.each(KERNELS)('forecasts from its JSON alone (%s)', (kernel) => {
    const { x, y } = surface(200, 3);
    const model = runToEnd(fitSvr(sourceOf(x, y), { ...OPTIONS, kernel }));
    const stored = JSON.parse(JSON.stringify(model)) as SvrModelDocument;
    expect(stored).toEqual(model);
    const forecast = predictSvr(stored, Float64Array.from(x.flat()), x.length);
    const { means, deviations } = stored.standardisation;
    const kernels = {
      linear: (dot: number) => dot,
      poly: (dot: number, gamma: number) => (gamma * dot) ** 3,
      sigmoid: (dot: number, gamma: number) => Math.tanh(gamma * dot),
      rbf: (_dot: number, gamma: number, distance: number) => Math.exp(-gamma * distance),
    };
    for (const t of [0, 77, 199]) {
      const z = x[t]!.map((value, f) => (value - means[f]!) / deviations[f]!);
      stored.outputs.forEach(({ support_vectors: vectors, dual_coefficients: dual, bias, gamma }, j) => {
        const byHand = vectors.reduce((sum, vector, s) => {
          const dot = vector.reduce((total, value, f) => total + value * z[f]!, 0);
          const distance = vector.reduce((total, value, f) => total + (value - z[f]!) ** 2, 0);
          return sum + dual[s]! * kernels[kernel](dot, gamma, distance);
        }, bias);
        expect(forecast[t * 2 + j]).toBeCloseTo(byHand, 7);
      });
    }
  });

  it('tells how far the fit is, from 0 to 1 and never back', () => {
    const { x, y } = surface(3000, 3);
    const shares = [...fitSvr(sourceOf(x, y), { ...OPTIONS, tolerance: 1e-4 })];
    expect(shares.filter((share) => share > 0).length).toBeGreaterThan(2);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    expect(shares.at(-1)).toBeGreaterThan(0.7);
  });
});
