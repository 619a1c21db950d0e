import fc from 'fast-check';
import { fitScaler, inverseScaled, scaleValue, unscaleValue } from '../../../src/domain/scaling';

const EPSILON = Number.EPSILON;

/** Numbers of every size between 1e-150 and 1e150, of both signs, and 0. */
const number = fc
  .tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -150, max: 150 }), fc.constantFrom(-1, 0, 1))
  .map(([mantissa, exponent, sign]) => sign * mantissa * 10 ** exponent);
const target = fc
  .tuple(fc.double({ min: -1000, max: 1000, noNaN: true }), fc.double({ min: 1e-3, max: 1000, noNaN: true }))
  .map(([min, width]) => ({ min, max: min + width }));
/** Where between minimum and maximum a value lies. */
const share = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);

describe('any min-max scaler', () => {
  it('is undone by its inverse up to the rounding of its two operations', () => {
    fc.assert(
      fc.property(number, number, target, share, (a, b, range, where) => {
        const data = { min: Math.min(a, b), max: Math.max(a, b) };
        const x = data.min + where * (data.max - data.min);
        const scaler = fitScaler('x', data, range, 2);
        const rounding = 8 * EPSILON * (Math.abs(x) + Math.abs(scaler.min / scaler.scale));
        expect(Math.abs(unscaleValue(scaler, scaleValue(scaler, x)) - x)).toBeLessThanOrEqual(rounding);
      }),
    );
  });

  it('maps the smallest value to the lower and the largest to the upper end', () => {
    fc.assert(
      fc.property(number, number, target, (a, b, range) => {
        const data = { min: Math.min(a, b), max: Math.max(a, b) };
        fc.pre(data.max - data.min >= 10 * EPSILON);
        const scaler = fitScaler('x', data, range, 2);
        const rounding =
          8 * EPSILON * (Math.abs(range.min) + Math.abs(range.max) + Math.abs(data.max * scaler.scale) + Math.abs(scaler.min));
        expect(Math.abs(scaleValue(scaler, data.min) - range.min)).toBeLessThanOrEqual(rounding);
        expect(Math.abs(scaleValue(scaler, data.max) - range.max)).toBeLessThanOrEqual(rounding);
      }),
    );
  });

  it('maps a constant column to the lower end', () => {
    fc.assert(
      fc.property(number, target, (constant, range) => {
        const scaler = fitScaler('x', { min: constant, max: constant }, range, 2);
        expect(scaler.scale).toBe(range.max - range.min);
        const rounding = 4 * EPSILON * (Math.abs(range.min) + Math.abs(constant * scaler.scale));
        expect(Math.abs(scaleValue(scaler, constant) - range.min)).toBeLessThanOrEqual(rounding);
      }),
    );
  });

  it('is undone in the same way cell by cell and array by array', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 600, size: 'max' }),
        number,
        number,
        target,
        (rows, a, b, range) => {
          const scaler = fitScaler('x', { min: Math.min(a, b), max: Math.max(a, b) }, range, 2);
          const back = inverseScaled(rows.flat(), 2, { '0': scaler, '1': null });
          expect([...back]).toEqual(rows.flatMap(([scaled, plain]) => [unscaleValue(scaler, scaled), plain]));
        },
      ),
    );
  });
});
