import { meanOverOutputs, metrics } from '../../../src/domain/metrics';
import type { Metrics } from '../../../src/domain/metrics';

const of = (truth: number[], forecast: number[]) => metrics(Float64Array.from(truth), Float64Array.from(forecast));

function expectClose(actual: Metrics, expected: Metrics, digits: number) {
  for (const [name, value] of Object.entries(expected)) {
    const got = actual[name as keyof Metrics];
    if (value === null) expect([name, got]).toEqual([name, null]);
    else expect([name, Math.abs(got! - value) <= Math.abs(value) * digits]).toEqual([name, true]);
  }
}

describe('metrics', () => {
  it('agree with the check table of the specification', () => {
    const table = {
      MAE: 0.6,
      MAPE: 77 / 3,
      MSE: 0.5,
      RMSE: Math.SQRT1_2,
      NRMSE: Math.SQRT1_2 / 3,
      WAPE: 20,
      sMAPE: 25.35064935,
      MASE: 0.4,
    };
    expectClose(of([1, 2, 4, 3, 5], [1.5, 1.5, 4, 2, 6]), table, 1e-9);
  });

  it('keep the huge MAPE of a zero truth', () => {
    const table = {
      MAE: 7 / 12,
      MAPE: 3.752999689475416e16,
      MSE: 11 / 24,
      RMSE: 0.6770032,
      NRMSE: 0.27080128,
      WAPE: 70 / 3,
      sMAPE: 54.45887446,
      MASE: 0.24305556,
    };
    const result = of([1, 2, 4, 0, 3, 5], [1.5, 1.5, 4, 0.5, 2, 6]);
    expectClose(result, table, 2e-8);
    expect(Math.abs(result.MAPE! / 3.752999689475416e16 - 1)).toBeLessThan(1e-12);
  });

  it('are undefined one by one, never together', () => {
    const nothing = { MAE: null, MAPE: null, MSE: null, RMSE: null, NRMSE: null, WAPE: null, sMAPE: null, MASE: null };
    expect(of([], [])).toEqual(nothing);
    expect(of([0, 0, 0], [0, 0, 0])).toEqual({ MAE: 0, MAPE: 0, MSE: 0, RMSE: 0, NRMSE: null, WAPE: null, sMAPE: 0, MASE: null });
    expect(of([7], [6])).toMatchObject({ MAE: 1, MASE: null });
    expect(of([5, 5, 5, 5], [4, 5, 6, 5])).toMatchObject({ MAE: 0.5, MASE: null });
  });

  it('take a mean or a naive error that only rounding keeps from zero as zero', () => {
    expect(0.1 + 0.2 - 0.3).not.toBe(0);
    expect(of([0.1, 0.2, -0.3], [0, 0, 0]).NRMSE).toBeNull();
    expect(of([0.3, 0.1 + 0.2, 0.3], [0, 0, 0]).MASE).toBeNull();
  });

  it('give a negative NRMSE for a negative mean', () => {
    expect(of([-3, -1.5, 2], [-2.5, -1, 2.25]).NRMSE).toBeCloseTo(-0.5196152422706631, 12);
  });

  it('turn overflow into undefined', () => {
    expect(of([1e200, -2e200], [-1e200, 3])).toMatchObject({ MSE: null, RMSE: null });
  });

  it('add long vectors without losing small terms', () => {
    const n = 1_000_003;
    const truth = new Float64Array(n).fill(0.1);
    const forecast = new Float64Array(n).fill(0.1 + 1e-9);
    const error = 0.1 + 1e-9 - 0.1;
    expect(Math.abs(metrics(truth, forecast).MAE! / error - 1)).toBeLessThan(1e-14);
  });

  it('refuse vectors of different length', () => {
    expect(() => of([1, 2], [1])).toThrow(RangeError);
  });

  it('average over outputs only when all are defined', () => {
    const one = of([1, 2], [2, 2]);
    expect(meanOverOutputs([one, { ...one, MAE: 2.5 }], 'MAE')).toBe(1.5);
    expect(meanOverOutputs([one, { ...one, MAE: null }], 'MAE')).toBeNull();
  });
});
