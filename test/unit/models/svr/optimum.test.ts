import fc from 'fast-check';
import { fitSvr, predictSvr, runToEnd } from '../../../../src/domain/models';
import type { SvrModelDocument, SvrOptions } from '../../../../src/domain/models';
import { ActiveSet } from '../../../../src/domain/models/svr/activeSet';
import { KERNELS, OPTIONS, sourceOf, surface } from './support';

const fit = (x: number[][], y: number[][], options: Partial<SvrOptions> = {}) =>
  runToEnd(fitSvr(sourceOf(x, y), { ...OPTIONS, tolerance: 1e-8, ...options }));

/**
 * Largest violation of the conditions every optimum fulfils: Σβ = 0, |β| ≤ C, and per row with r = y − f(x):
 * β = 0 → |r| ≤ ε;  0 < |β| < C → |r| = ε;  |β| = C → |r| ≥ ε; β has the sign of r. Rows must be distinct.
 */
function violation(model: SvrModelDocument, x: number[][], y: number[][]): number {
  const forecast = predictSvr(model, Float64Array.from(x.flat()), x.length);
  const { means, deviations } = model.standardisation;
  const key = (row: readonly number[]) => row.map((value, f) => (value - means[f]!) / deviations[f]!).join();
  let worst = 0;
  model.outputs.forEach(({ support_vectors: vectors, dual_coefficients: dual, c, epsilon }, j) => {
    const coefficients = new Map(vectors.map((vector, s) => [vector.join(), dual[s]!]));
    const sum = dual.reduce((total, value) => total + value, 0);
    worst = Math.max(worst, Math.abs(sum));
    x.forEach((row, t) => {
      const beta = coefficients.get(key(row)) ?? 0;
      const outside = Math.sign(beta || 1) * (y[t]![j]! - forecast[t * model.outputs.length + j]!) - epsilon;
      if (beta === 0) worst = Math.max(worst, Math.abs(y[t]![j]! - forecast[t * model.outputs.length + j]!) - epsilon);
      else if (Math.abs(beta) < c) worst = Math.max(worst, Math.abs(outside));
      else worst = Math.max(worst, -outside, Math.abs(beta) - c);
    });
  });
  return worst;
}

describe('the optimum of a support vector regression', () => {
  const value = fc.integer({ min: -1000, max: 1000 }).map((hundredths) => hundredths / 100);
  const problem = fc.record({
    rows: fc.uniqueArray(fc.tuple(value, value, value), { minLength: 1, maxLength: 40, selector: ([a, b]) => `${a} ${b}` }),
    c: fc.constantFrom(0.1, 1, 20),
    epsilon: fc.constantFrom(0, 0.1, 2),
    kernel: fc.constantFrom('linear', 'poly', 'rbf'),
  } satisfies Record<string, fc.Arbitrary<unknown>>);

  it('fulfils its conditions on random problems with every positive kernel (fast-check)', () => {
    fc.assert(
      fc.property(problem, ({ rows, c, epsilon, kernel }) => {
        const x = rows.map(([a, b]) => [a, b]);
        const y = rows.map(([, , target]) => [target]);
        const model = fit(x, y, { c, epsilon, kernel: kernel as SvrOptions['kernel'] });
        // float32 kernel rows: errors of 1e-7 per coefficient and value
        const size = model.outputs[0]!.dual_coefficients.reduce((sum, beta) => sum + Math.abs(beta), 1);
        expect(violation(model, x, y)).toBeLessThan(1e-5 * size);
      }),
      { numRuns: 200 },
    );
  });

  it.each(KERNELS)('fulfils them on a curved surface with the %s kernel', (kernel) => {
    const { x, y } = surface(300, 5);
    expect(violation(fit(x, y, { kernel }), x, y)).toBeLessThan(2e-4);
  });

  it('lets a straight line within the tube alone: no support vector, the middle of the targets', () => {
    const model = fit([[1], [2], [3]], [[5], [5.1], [5.15]]);
    expect(model.outputs[0]!.support_vectors).toEqual([]);
    expect([...predictSvr(model, Float64Array.of(7, -7), 2)]).toEqual([expect.closeTo(5.075, 12), expect.closeTo(5.075, 12)]);
  });

  it('finds by hand what two points give: a line that leaves each at the edge of its tube', () => {
    // standardised −1 and 1; f(±1) = ±0.9 needs β = 0.45 on each, below C; bias 0
    const model = fit([[0], [2]], [[-1], [1]], { kernel: 'linear' });
    expect(model.outputs[0]).toMatchObject({ bias: expect.closeTo(0, 9) as number, support_vectors: [[-1], [1]] });
    expect(model.outputs[0]!.dual_coefficients).toEqual([expect.closeTo(-0.45, 9), expect.closeTo(0.45, 9)]);
  });
});

describe('the way to the optimum does not matter:', () => {
  const { x, y } = surface(2100, 4);
  const grid = Float64Array.from(surface(50, 4, 2).x.flat());
  const forecast = (options: Partial<SvrOptions>) => predictSvr(fit(x, y, { tolerance: 1e-7, ...options }), grid, 50);

  it.each([
    ['linear', 0.05],
    ['poly', 0.05],
    ['rbf', 0.5],
  ] as const)('with or without rests, with room for all rows or for two (%s)', (kernel, c) => {
    const resting = jest.spyOn(ActiveSet.prototype, 'keep');
    const expected = forecast({ kernel, c });
    expect(resting).toHaveBeenCalled();
    resting.mockRestore();
    const others = [
      { kernel, c, shrinking: false },
      { kernel, c, cacheBytes: 0 },
      { kernel, c, cacheBytes: 40 * 2100 * 4 },
    ];
    for (const options of others) {
      const actual = forecast(options);
      const errors = expected.map((value, i) => Math.abs(actual[i]! - value) / Math.max(1, Math.abs(value)));
      expect(Math.max(...errors)).toBeLessThan(1e-5);
    }
  });

  it('a kernel cache of another size changes no bit', () => {
    expect(forecast({ c: 0.1, cacheBytes: 0 })).toEqual(forecast({ c: 0.1 }));
  });

  it('rows that occur several times count as often as they occur', () => {
    const times = (t: number) => 1 + (t % 4);
    const repeat = <T>(rows: T[]) => rows.flatMap((row, t) => new Array<T>(times(t)).fill(row));
    const [manyX, manyY] = [repeat(x.slice(0, 60)), repeat(y.slice(0, 60))];
    // the same rows kept apart by a difference far below the solver's sight
    const apart = manyX.map((row, i) => row.map((value) => value * (1 + (i % 5) * 1e-13)));
    const [merged, separate] = [fit(manyX, manyY), fit(apart, manyY)];
    expect(merged.rows).toEqual({ rows_total: manyX.length, rows_used: manyX.length, seed: 42 });
    expect(merged.outputs[0]!.support_vectors.length).toBeLessThan(separate.outputs[0]!.support_vectors.length);
    const [a, b] = [merged, separate].map((model) => predictSvr(model, grid, 50));
    a!.forEach((value, i) => expect(b![i]).toBeCloseTo(value, 5));
  });
});
