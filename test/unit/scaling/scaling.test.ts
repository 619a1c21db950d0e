import { buildDataset } from '../../../src/domain/dataset';
import { copyOriginal, copyScaled, fitScaler, fitScalers, inverseScaled, scaleValue, unscaleValue } from '../../../src/domain/scaling';
import { GOLDEN_SERIES, GOLDEN_SETTINGS } from '../dataset/support';

describe('min-max scaler (pipeline.md 10)', () => {
  it('maps 1, 2, 5 into −2 … 3', () => {
    const scaler = fitScaler('x', { min: 1, max: 5 }, { min: -2, max: 3 }, 3);
    expect(scaler).toEqual({
      name: 'x',
      feature_range: [-2, 3],
      data_min: 1,
      data_max: 5,
      data_range: 4,
      scale: 1.25,
      min: -3.25,
      n_samples_seen: 3,
    });
    expect([1, 2, 5].map((x) => scaleValue(scaler, x))).toEqual([-2, -0.75, 3]);
    expect(unscaleValue(scaler, -0.75)).toBe(2);
  });

  it('maps a constant column to the lower end and back by its distance', () => {
    const scaler = fitScaler('x', { min: 3, max: 3 }, { min: 0, max: 1 }, 3);
    expect([scaler.scale, scaler.min, scaleValue(scaler, 3), unscaleValue(scaler, 0.5)]).toEqual([1, -3, 0, 3.5]);
  });

  it('takes a spread of rounding noise for constant', () => {
    expect(fitScaler('x', { min: 1, max: 1 + 4 * Number.EPSILON }, { min: 0, max: 1 }, 2).scale).toBe(1);
    expect(fitScaler('x', { min: 1, max: 1 + 16 * Number.EPSILON }, { min: 0, max: 1 }, 2).scale).toBeGreaterThan(1e14);
  });

  it('passes values through without a scaler', () => {
    expect([scaleValue(null, 7), unscaleValue(null, 7)]).toEqual([7, 7]);
  });
});

describe('scaling a dataset', () => {
  const [a, b, c, d] = GOLDEN_SETTINGS.series;
  const dataset = buildDataset(GOLDEN_SERIES, { ...GOLDEN_SETTINGS, series: [a!, { ...b!, scale: false }, c!, d!] });
  const scalers = fitScalers(dataset, null);

  it('has no scaler where scaling is off', () => {
    expect(scalers.input['1']).toBeNull();
    expect(Object.keys(scalers.output)).toEqual(['0', '1']);
  });

  it('copies the windows asked for as (window, step, column), scaled or not', () => {
    const windows = [400, 0, 17];
    const [scaled, original] = [new Float64Array(3 * 13 * 2), new Float64Array(3 * 13 * 2 + 5)];
    copyScaled(dataset.input, scalers.input, windows, scaled);
    copyOriginal(dataset.input, windows, original, 5);
    windows.forEach((window, i) => {
      for (let k = 0; k < 13; k++) {
        for (let j = 0; j < 2; j++) {
          const value = dataset.input.columns[j]!.value(window, k);
          expect(original[5 + (i * 13 + k) * 2 + j]).toBe(value);
          if (j === 1) expect(scaled[(i * 13 + k) * 2 + j]).toBe(value); // B passes unscaled
        }
        expect(scaled[(i * 13 + k) * 2]).toBeCloseTo((dataset.input.columns[0]!.value(window, k) - 30) / 46, 12); // data 30 … 76
      }
    });
    expect([...original.subarray(0, 5)]).toEqual([0, 0, 0, 0, 0]);
  });

  it('brings forecasts back to original units column by column', () => {
    const windows = Int32Array.from({ length: 44 }, (_, i) => 399 + i);
    const [scaled, original] = [new Float64Array(44 * 26), new Float64Array(44 * 26)];
    copyScaled(dataset.output, scalers.output, windows, scaled);
    copyOriginal(dataset.output, windows, original);
    const back = inverseScaled(scaled, 2, scalers.output);
    back.forEach((value, i) => expect(Math.abs(value - original[i]!)).toBeLessThan(1e-12 * 80));
  });
});
