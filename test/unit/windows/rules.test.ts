import {
  candidatesWithin,
  cellMean,
  horizonMean,
  linear,
  nearest,
  referenceTime,
  referenceTimes,
  runningMean,
  uniformStep,
  windowOffsets,
} from '../../../src/domain/windows';
import { HOUR, MINUTE, steps, utc } from '../dataset/support';

const at = (text: string) => utc(`2024-01-01 ${text}`);
const hourly = (...values: number[]) => ({
  times: Float64Array.from(values, (_, i) => at('00:00') + i * HOUR),
  values: Float64Array.from(values),
});
const references = (start: string, end: string, stepMin: number, offsetMin = 0) =>
  referenceTimes(steps(2, 2, stepMin, offsetMin), [{ firstTime: at(start), lastTime: at(end) }]);

describe('reference times (pipeline.md 8.1)', () => {
  it.each([
    [15, 7, '00:07'],
    [3, 0, '00:09'],
    [60, 0, '01:00'],
    [60, 7, '00:07'],
  ])('input from 00:07, every %d minutes past %d: first candidate %s', (step, offset, first) => {
    expect(referenceTime(references('00:07', '12:00', step, offset), 0)).toBe(at(first));
  });

  it('takes the earliest start and the earliest end of the inputs', () => {
    const grid = referenceTimes(steps(2, 2, 60), [
      { firstTime: at('01:00'), lastTime: at('09:00') },
      { firstTime: at('03:00'), lastTime: at('07:30') },
    ]);
    expect([referenceTime(grid, 0), referenceTime(grid, grid.count - 1), grid.count]).toEqual([at('01:00'), at('07:00'), 7]);
  });

  it('walks odd steps from one hour before the first, without drift', () => {
    const grid = references('00:30', '23:59', 1 / 3);
    expect(referenceTime(grid, 0)).toBe(at('00:30'));
    expect(referenceTime(grid, 3 * 60 * 20)).toBe(at('20:30'));
    expect(uniformStep(grid)).toBe(20e6);
  });

  it('counts windows within a series', () => {
    const grid = references('00:00', '10:00', 60);
    const range = { firstTime: at('02:30'), lastTime: at('08:00') };
    expect(candidatesWithin(grid, range, { startUs: -HOUR, endUs: 0 })).toEqual({ first: 4, end: 9 });
    expect(candidatesWithin(grid, range, { startUs: 20 * HOUR, endUs: 21 * HOUR })).toEqual({ first: 0, end: 0 });
  });

  it.each([
    [1e300, 2e300],
    [-1e300, 0],
    [0, 1e15],
    [-Infinity, Infinity],
  ])('answers at once for a window from %d to %d h, which no series covers', (start, end) => {
    const grid = references('00:00', '10:00', 1 / 60);
    const range = { firstTime: at('00:00'), lastTime: at('10:00') };
    const { first, end: last } = candidatesWithin(grid, range, { startUs: start * HOUR, endUs: end * HOUR });
    expect(last - first).toBeLessThanOrEqual(0);
  });

  it('has no candidate where the inputs end before the first grid time', () => {
    expect(references('00:10', '00:50', 60).count).toBe(0);
  });
});

describe('instants of a window (pipeline.md 8.3)', () => {
  it('hits both ends and every row time exactly', () => {
    const offsets = windowOffsets({ startUs: -HOUR, endUs: 0, steps: 8 });
    expect([offsets[0], offsets[7]]).toEqual([-HOUR, 0]);
    expect(
      [...windowOffsets({ startUs: -24 * HOUR, endUs: 0, steps: 97 })].every((offset, k) => offset === -24 * HOUR + k * 15 * MINUTE),
    ).toBe(true);
    expect(offsets[1]).toBe(-HOUR + Math.round(HOUR / 7));
  });
});

describe('value rules (pipeline.md 8.4)', () => {
  it('A: interpolates, hits rows, bridges stretches without rows, stops at missing values and at the ends', () => {
    const value = linear({
      times: Float64Array.of(at('00:00'), at('01:00'), at('05:00'), at('06:00')),
      values: Float64Array.of(0, 1, 9, NaN),
    });
    expect([at('00:15'), at('01:00'), at('03:00'), at('05:00')].map((u) => value(u, 0))).toEqual([0.25, 1, 5, 9]);
    expect([at('05:30'), at('06:00'), at('00:00') - 1, at('06:00') + 1].map((u) => value(u, 0))).toEqual([NaN, NaN, NaN, NaN]);
  });

  it('B: 1 … 9 hourly', () => {
    const mean = horizonMean(hourly(1, 2, 3, 4, 5, 6, 7, 8, 9));
    expect(mean(at('00:00'), at('03:00'))).toBe(2);
    expect(mean(at('00:30'), at('03:30'))).toBe(3);
    expect(mean(at('01:01'), at('01:02'))).toBeNaN();
    expect(mean(at('12:00'), at('13:00'))).toBeNaN();
    expect(mean(at('00:00') - 5 * HOUR, at('00:00'))).toBeNaN();
  });

  it('B: leaves missing rows out of the mean', () => {
    const mean = horizonMean(hourly(1, NaN, 3, NaN));
    expect(mean(at('00:00'), at('03:00'))).toBe(2);
    expect(mean(at('01:00'), at('02:00'))).toBeNaN();
  });

  it('C: averages (u − d, u]: the left end out, the right end in', () => {
    const mean = cellMean(hourly(1, 2, 3, 4));
    expect(mean(at('02:00'), at('00:00'))).toBe(2.5);
    expect(mean(at('02:30'), at('01:59'))).toBe(3);
    expect(mean(at('02:30'), at('02:00'))).toBeNaN();
  });

  it('D: takes the nearest row, the earlier one in a tie', () => {
    const value = nearest(hourly(1, 2, NaN));
    expect([at('00:29'), at('00:30'), at('00:31'), at('01:30')].map((u) => value(u, 0))).toEqual([1, 1, 2, 2]);
    expect([at('01:31'), at('02:01'), at('00:00') - 1].map((u) => value(u, 0))).toEqual([NaN, NaN, NaN]);
  });

  it('answers instants in any order', () => {
    const value = linear(hourly(...Array.from({ length: 500 }, (_, i) => i)));
    const hours = [450.5, 3.25, 499, 0, 250.75, 250.5, 1];
    expect(hours.map((hour) => value(at('00:00') + hour * HOUR, 0))).toEqual(hours);
  });

  it('keeps the digits of a short mean after a million large values', () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) => 1e9 + ((i * 7919) % 1000) / 7);
    const prefix = runningMean(values);
    const exact = (values[999_997]! + values[999_998]! + values[999_999]!) / 3;
    expect(Math.abs(prefix.mean(999_997, 1_000_000) - exact) / exact).toBeLessThan(1e-15);
  });
});
