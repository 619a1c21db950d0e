import fc from 'fast-check';
import { METRIC_NAMES, metrics } from '../../../src/domain/metrics';
import type { Metrics } from '../../../src/domain/metrics';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const { abs } = Math;

/** The formulas of pipeline.md 14.3, written as they stand there. */
function direct(y: readonly number[], f: readonly number[]): Metrics {
  const n = y.length;
  if (n === 0) return Object.fromEntries(METRIC_NAMES.map((name) => [name, null])) as Metrics;
  const e = y.map((value, t) => f[t]! - value);
  const absolute = e.map(abs);
  const size = y.map(abs);
  const mse = mean(e.map((error) => error * error));
  const naive = n < 2 ? 0 : mean(y.slice(1).map((value, t) => abs(value - y[t]!)));
  const share = (t: number) => (size[t] === 0 && f[t] === 0 ? 0 : absolute[t]! / ((size[t]! + abs(f[t]!)) / 2));
  return {
    MAE: mean(absolute),
    MAPE: 100 * mean(absolute.map((error, t) => error / Math.max(size[t]!, 2.220446049250313e-16))),
    MSE: mse,
    RMSE: Math.sqrt(mse),
    NRMSE: mean(y) === 0 ? null : Math.sqrt(mse) / mean(y),
    WAPE: mean(size) === 0 ? null : (100 * mean(absolute)) / mean(size),
    sMAPE: 100 * mean(y.map((_, t) => share(t))),
    MASE: n < 2 || naive <= 1e-12 * mean(size) ? null : mean(absolute) / naive,
  };
}

/** Quarters: sums of a few hundred are exact, so that a mean is 0 or it is not, whatever the order of the additions. */
const quarter = fc.integer({ min: -4000, max: 4000 }).map((value) => value / 4);
const pairs = fc.oneof(
  fc.array(fc.tuple(quarter, quarter), { maxLength: 700 }),
  fc.array(fc.tuple(fc.constantFrom(0, 0, 1), fc.constantFrom(0, 1)), { maxLength: 20 }),
  fc
    .tuple(quarter, fc.array(quarter, { maxLength: 300 }))
    .map(([constant, forecasts]) => forecasts.map((value) => [constant, value] as const)),
);

describe('the metrics of any forecast', () => {
  it('are those of the formulas', () => {
    fc.assert(
      fc.property(pairs, (drawn) => {
        const [y, f] = [drawn.map(([truth]) => truth), drawn.map(([, forecast]) => forecast)];
        const found = metrics(Float64Array.from(y), Float64Array.from(f));
        const expected = direct(y, f);
        for (const name of METRIC_NAMES) {
          const value = expected[name];
          if (value === null) expect([name, found[name]]).toEqual([name, null]);
          else expect(abs(found[name]! - value)).toBeLessThanOrEqual(1e-9 * abs(value));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('know no unit: ten times truth and forecast are ten times the error, the same percentage', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(quarter, quarter), { minLength: 2, maxLength: 50 }), (drawn) => {
        const of = (factor: number) =>
          metrics(
            Float64Array.from(drawn, ([truth]) => truth * factor),
            Float64Array.from(drawn, ([, forecast]) => forecast * factor),
          );
        const [one, ten] = [of(1), of(1024)];
        expect(ten.MAE).toBeCloseTo(one.MAE! * 1024, 6);
        for (const name of ['NRMSE', 'WAPE', 'sMAPE', 'MASE'] as const) {
          if (one[name] === null) expect(ten[name]).toBeNull();
          else expect(abs(ten[name]! - one[name])).toBeLessThanOrEqual(1e-12 * abs(one[name]));
        }
      }),
    );
  });
});
