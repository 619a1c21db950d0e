import fc from 'fast-check';
import { numberTexts, numberTicks, timeTexts, timeTicks } from '../../../src/domain/plots';
import { HOUR, utc } from '../dataset/support';

describe('ticks of a number axis', () => {
  it.each([
    [0, 10, 6, [0, 2, 4, 6, 8, 10]],
    [-1.1, 1.1, 5, [-1, -0.5, 0, 0.5, 1]],
    [1.2, 18.9, 8, [2.5, 5, 7.5, 10, 12.5, 15, 17.5]],
    [0.1, 0.3, 3, [0.1, 0.2, 0.3]],
    [5, 5, 4, [5]],
  ])('are round numbers from %d to %d, at most %d', (low, high, most, ticks) => expect(numberTicks(low, high, most)).toEqual(ticks));

  it('are whole numbers where steps are counted', () => expect(numberTicks(-12.6, 12.6, 9, true)).toEqual([-10, -5, 0, 5, 10]));

  it('lie within the axis, at equal distances, two to as many as asked for', () =>
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        fc.integer({ min: 4, max: 12 }),
        (low, width, most) => {
          const ticks = numberTicks(low, low + width, most);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(most);
          const slack = 1e-6 * width + 1e-9 * Math.abs(low);
          expect(ticks[0]).toBeGreaterThanOrEqual(low - slack);
          expect(ticks[ticks.length - 1]).toBeLessThanOrEqual(low + width + slack);
        },
      ),
    ));

  it('have the same decimals, a true minus sign and a common power of ten for large and small numbers', () => {
    expect(numberTexts([-0.5, 0, 1])).toEqual({ texts: ['\u22120.5', '0.0', '1.0'], exponent: 0 });
    expect(numberTexts([0, 250_000, 500_000])).toEqual({ texts: ['0.0', '2.5', '5.0'], exponent: 5 });
    expect(numberTexts([0, 0.0002, 0.0004])).toEqual({ texts: ['0', '2', '4'], exponent: -4 });
  });
});

describe('ticks of a time axis', () => {
  it('are full hours, at midnight the date', () => {
    const ticks = timeTicks(utc('2024-03-30 20:10:00'), utc('2024-03-31 09:00:00'), 5);
    expect(timeTexts(ticks)).toEqual(['21:00', '03-31', '03:00', '06:00', '09:00']);
  });

  it('are minutes or seconds of short windows', () => {
    expect(timeTexts(timeTicks(utc('2024-01-01 10:03:00'), utc('2024-01-01 10:32:00'), 4))).toEqual(['10:10', '10:20', '10:30']);
    expect(timeTexts(timeTicks(utc('2024-01-01 10:03:01'), utc('2024-01-01 10:03:21'), 5))).toEqual([
      '10:03:05',
      '10:03:10',
      '10:03:15',
      '10:03:20',
    ]);
  });

  it('are first days of months over a year, and end for horizons of centuries', () => {
    expect(timeTexts(timeTicks(utc('2023-11-15 00:00:00'), utc('2024-11-15 00:00:00'), 5))).toEqual([
      '2024-01',
      '2024-04',
      '2024-07',
      '2024-10',
    ]);
    const centuries = timeTicks(utc('2024-01-01 00:00:00') - 2_000_000 * HOUR, utc('2024-01-01 00:00:00') + 2_000_000 * HOUR, 4);
    expect(timeTexts(centuries)).toEqual(['1800-01', '2000-01', '2200-01']);
  });
});
