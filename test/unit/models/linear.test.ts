import fc from 'fast-check';
import { fitLinear, predictLinear } from '../../../src/domain/models';
import type { LinearModelDocument, RowSource } from '../../../src/domain/models';
import { fitScaler } from '../../../src/domain/scaling';
import { exampleWindows, SPLIT, STEPS } from '../../golden/example';

/** Rows given as lists, cut into blocks of the given size. */
function source(x: number[][], y: number[][], blockSize = 7): RowSource {
  return {
    features: x[0]!.map((_, j) => `x${j}`),
    targets: y[0]!.map((_, j) => `y${j}`),
    *blocks() {
      for (let from = 0; from < x.length; from += blockSize) {
        const part = x.slice(from, from + blockSize);
        yield { rows: part.length, x: Float64Array.from(part.flat()), y: Float64Array.from(y.slice(from, from + blockSize).flat()) };
      }
    },
  };
}

/** The first column is made of the smallest numbers there are, which must not spoil the second. */
const NEXT_TO_NOTHING: [number, number, number][] = [
  [5.4e-323, 99.99999999999983, 5.8e-48],
  [2.5e-323, 6.4e-76, 7.4e-200],
  [-1e-323, -2.3e-101, 99.99999999999993],
  [-9e-323, -5e-324, -1.6e-116],
];

/** Two features and two targets of the golden example as scaled rows of the training part. */
function goldenRows(fitOn: 'all' | 'train'): { rows: RowSource; scaled: Float64Array; originals: Float64Array } {
  const { x, y } = exampleWindows();
  const trainCells = SPLIT.train * STEPS * 2;
  const scale = (cells: Float64Array) => {
    const fitted = fitOn === 'all' ? cells : cells.subarray(0, trainCells);
    const scalers = [0, 1].map((column) => {
      const values = Array.from(fitted).filter((_, i) => i % 2 === column);
      return fitScaler('', { min: Math.min(...values), max: Math.max(...values) }, { min: 0, max: 1 }, values.length);
    });
    return { scalers, cells: cells.map((value, i) => value * scalers[i % 2]!.scale + scalers[i % 2]!.min) };
  };
  const input = scale(x);
  const output = scale(y);
  const train = (cells: Float64Array) => Array.from({ length: SPLIT.train * STEPS }, (_, row) => [...cells.subarray(row * 2, row * 2 + 2)]);
  const test = input.cells.subarray((SPLIT.train + SPLIT.validation) * STEPS * 2);
  const rows = source(train(input.cells), train(output.cells), 1000);
  const forecast = predictLinear(fitLinear(rows), test, SPLIT.test * STEPS);
  return {
    rows,
    scaled: forecast,
    originals: forecast.map((value, i) => (value - output.scalers[i % 2]!.min) / output.scalers[i % 2]!.scale),
  };
}

describe('linear model', () => {
  it.each([
    ['all', [0.82948227, 1.261313], -0.59002197, [-1.20146694, -0.8708813], 1.57068474],
    ['train', [0.8691469806, 1.2560920245], -0.6005194147, [-1.2085105168, -0.8325494652], 1.5305930069],
  ] as const)('finds the coefficients of the golden example with scalers fitted on %s', (fitOn, c, cIntercept, d, dIntercept) => {
    const { outputs } = fitLinear(goldenRows(fitOn).rows);
    [...c, cIntercept].forEach((value, i) => expect([...outputs[0]!.coefficients, outputs[0]!.intercept][i]).toBeCloseTo(value, 8));
    [...d, dIntercept].forEach((value, i) => expect([...outputs[1]!.coefficients, outputs[1]!.intercept][i]).toBeCloseTo(value, 8));
    expect(outputs.map((output) => output.rank)).toEqual([2, 2]);
  });

  it.each(['all', 'train'] as const)('forecasts the first test window of the golden example, scalers fitted on %s', (fitOn) => {
    const { originals } = goldenRows(fitOn);
    const expected = [40.43828233, 18.27006459, 34.63955515, 20.07397317, 34.41935113, 20.03437424];
    expected.forEach((value, i) => expect(originals[i]).toBeCloseTo(value, 7));
  });

  it('recovers an exact plane whatever the size of the blocks', () => {
    const x = Array.from({ length: 2000 }, (_, i) => [Math.sin(i), i % 11, Math.cos(i * i)]);
    const y = x.map(([a, b, c]) => [3 + 2 * a! - 0.5 * b! + 7 * c!]);
    for (const blockSize of [1, 3, 511, 512, 513, 5000]) {
      const { outputs } = fitLinear(source(x, y, blockSize));
      [2, -0.5, 7].forEach((value, i) => expect(outputs[0]!.coefficients[i]).toBeCloseTo(value, 12));
      expect(outputs[0]!.intercept).toBeCloseTo(3, 12);
    }
  });

  it('leaves a residual orthogonal to every column (fast-check)', () => {
    const value = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 40 }), (rows) => {
        const x = rows.map(([a, b]) => [a, b]);
        const model = fitLinear(
          source(
            x,
            rows.map(([, , c]) => [c]),
          ),
        );
        const forecast = predictLinear(model, Float64Array.from(x.flat()), x.length);
        const residual = rows.map(([, , c], i) => c - forecast[i]!);
        // Columns that hardly vary have huge coefficients: a forecast is then the small difference of large terms, and no more exact than they are.
        const { coefficients, intercept } = model.outputs[0]!;
        const terms = Math.abs(intercept) + coefficients.reduce((sum, coefficient) => sum + 100 * Math.abs(coefficient), 100);
        const rounding = 16 * Number.EPSILON * terms * rows.length;
        for (const column of [0, 1]) {
          const mean = x.reduce((sum, row) => sum + row[column]!, 0) / x.length;
          const dot = residual.reduce((sum, error, i) => sum + error * (x[i]![column]! - mean), 0);
          expect(Math.abs(dot)).toBeLessThan(rounding * 100);
        }
        expect(Math.abs(residual.reduce((sum, error) => sum + error, 0))).toBeLessThan(rounding);
      }),
      { examples: [[NEXT_TO_NOTHING]] },
    );
  });

  it('shares the weight between equal columns: the shortest of all solutions', () => {
    const x = Array.from({ length: 50 }, (_, i) => [i, i, 5]);
    const { outputs } = fitLinear(
      source(
        x,
        x.map(([a]) => [4 * a! + 1]),
      ),
    );
    expect(outputs[0]!.rank).toBe(1);
    expect(outputs[0]!.coefficients[0]).toBeCloseTo(2, 12);
    expect(outputs[0]!.coefficients[1]).toBeCloseTo(2, 12);
    expect(Math.abs(outputs[0]!.coefficients[2]!)).toBeLessThan(1e-12);
    expect(outputs[0]!.intercept).toBeCloseTo(1, 10);
  });

  it('answers fewer rows than columns with the shortest solution', () => {
    // two rows: the centred problem has the single equation 2a + 4b = 6, whose shortest solution is (0.6, 1.2)
    const { outputs } = fitLinear(
      source(
        [
          [1, 1],
          [3, 5],
        ],
        [[10], [16]],
      ),
    );
    expect(outputs[0]!.coefficients[0]).toBeCloseTo(0.6, 12);
    expect(outputs[0]!.coefficients[1]).toBeCloseTo(1.2, 12);
    expect(outputs[0]!.rank).toBe(1);
  });

  it('keeps its digits where normal equations lose all of them', () => {
    // condition number about 1e8: XᵀX is singular in float64
    const x = Array.from({ length: 100 }, (_, i) => [1 + 1e-8 * (i % 2 === 0 ? 1 : -1) * (i % 5), 1e-8 * i]);
    const { outputs } = fitLinear(
      source(
        x,
        x.map(([a, b]) => [a! * 3 + b! * 2]),
      ),
    );
    expect(outputs[0]!.coefficients[0]).toBeCloseTo(3, 5);
    expect(outputs[0]!.coefficients[1]).toBeCloseTo(2, 5);
  });

  it('reports the singular values of the centred columns in descending order', () => {
    // centred columns (−1, 1, 0, 0) and (0, 0, −2, 2) are orthogonal: the singular values are their lengths
    const { outputs } = fitLinear(
      source(
        [
          [1, 7],
          [3, 7],
          [2, 5],
          [2, 9],
        ],
        [[1], [2], [3], [4]],
      ),
    );
    expect(outputs[0]!.singular_values[0]).toBeCloseTo(Math.sqrt(8), 12);
    expect(outputs[0]!.singular_values[1]).toBeCloseTo(Math.sqrt(2), 12);
  });

  it('predicts the same after a round trip through JSON', () => {
    const { rows, scaled } = goldenRows('all');
    const model = JSON.parse(JSON.stringify(fitLinear(rows))) as LinearModelDocument;
    const again = goldenRows('all');
    expect(model.input_columns).toEqual(['x0', 'x1']);
    expect(model.outputs.map((output) => output.name)).toEqual(['y0', 'y1']);
    expect(again.scaled).toEqual(scaled);
    const x = Float64Array.of(0.25, 0.5);
    const byHand = model.outputs.map(({ coefficients, intercept }) => intercept + 0.25 * coefficients[0]! + 0.5 * coefficients[1]!);
    expect([...predictLinear(model, x, 1)]).toEqual(byHand);
  });

  it('refuses no rows and values that are not finite', () => {
    const empty: RowSource = { features: ['a'], targets: ['b'], blocks: () => [] };
    expect(() => fitLinear(empty)).toThrow(RangeError);
    expect(() => fitLinear(source([[1], [NaN]], [[1], [2]]))).toThrow(RangeError);
  });
});
