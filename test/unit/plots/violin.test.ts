import fc from 'fast-check';
import { COMBINED_PLOTS, columnColor, desaturate, outlineGrey, plotNames, violin } from '../../../src/domain/plots';
import { Random } from '../../../src/domain/random';

describe('violin', () => {
  it('takes quartiles by linear interpolation between order statistics', () => {
    // numpy.percentile([1, 2, 4, 8, 16, 32], [25, 50, 75]) = 2.5, 6, 14
    expect(violin(Float64Array.of(8, 1, 32, 4, 2, 16)).quartiles).toEqual([2.5, 6, 14]);
  });

  it('reaches two bandwidths of n^(-1/5) standard deviations beyond the data, with 100 points', () => {
    const { support, min, max } = violin(Float64Array.of(0, 1, 2, 3));
    const bandwidth = Math.sqrt(5 / 3) * 4 ** -0.2; // sample variance of 0…3 is 5/3
    expect([min, max, support.length]).toEqual([0, 3, 100]);
    expect(support[0]).toBeCloseTo(-2 * bandwidth, 12);
    expect(support[99]).toBeCloseTo(3 + 2 * bandwidth, 12);
  });

  it('is the Gaussian kernel density, scaled to its highest point', () => {
    const values = Float64Array.of(0, 0.5, 4);
    const { support, density } = violin(values.slice());
    const mean = 1.5;
    const sd = Math.sqrt(((0 - mean) ** 2 + (0.5 - mean) ** 2 + (4 - mean) ** 2) / 2);
    const h = sd * 3 ** -0.2;
    const raw = Array.from(support, (at) => [0, 0.5, 4].reduce((sum, x) => sum + Math.exp(-((at - x) ** 2) / (2 * h * h)), 0));
    const peak = Math.max(...raw);
    raw.forEach((value, k) => expect(density[k]).toBeCloseTo(value / peak, 12));
  });

  it('takes the same quartiles as sorting would, whatever the order and however many values are equal', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 60 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const expected = [0.25, 0.5, 0.75].map((share) => {
          const at = share * (sorted.length - 1);
          const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
          return below + (above - below) * (at % 1);
        });
        const { quartiles, min, max } = violin(Float64Array.from(values));
        quartiles.forEach((quartile, k) => expect(quartile).toBeCloseTo(expected[k]!, 12));
        expect([min, max]).toEqual([sorted[0], sorted[sorted.length - 1]]);
      }),
    ));

  it('sums every kernel also where one value lies far from all others', () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => (i === 7 ? 1000 : Math.sin(i)));
    const { support, density } = violin(values.slice());
    const mean = values.reduce((sum, x) => sum + x, 0) / 400;
    const h = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 399) * 400 ** -0.2;
    const raw = Array.from(support, (at) => values.reduce((sum, x) => sum + Math.exp(-((at - x) ** 2) / (2 * h * h)), 0));
    const peak = Math.max(...raw);
    raw.forEach((value, k) => expect(density[k]).toBeCloseTo(value / peak, 12));
  });

  it('has a shape also where outliers outside the sample leave no grid point near the values', () => {
    const sampled = new Set(Random.stream(42, 6).sample(50_000, 60_000)); // pipeline 16.2: stream 6, seed 42
    const [low, high] = Array.from({ length: 60_000 }, (_, i) => i).filter((i) => !sampled.has(i));
    const values = Float64Array.from({ length: 60_000 }, (_, i) => (i === low ? -1000 : i === high ? 1300 : 1e-4 * Math.sin(i)));
    const density = [...violin(values).density];
    expect([Math.max(...density), density.every((share) => share >= 0)]).toEqual([1, true]);
  });

  it('has no outline for constant data', () => {
    const { support, min, quartiles } = violin(Float64Array.of(3, 3, 3));
    expect([support.length, min, quartiles]).toEqual([0, 3, [3, 3, 3]]);
  });

  it('draws the same picture of many values every time, with the extremes of all of them', () => {
    const random = Random.stream(1, 1);
    const values = Float64Array.from({ length: 60_000 }, () => random.normal());
    values[59_999] = 50;
    const [first, second] = [violin(values.slice()), violin(values.slice())];
    expect(first).toEqual(second);
    expect(first.max).toBe(50);
  });
});

describe('plot names', () => {
  const block = (kind: 'series' | 'time', ...names: string[]) => ({ steps: 1, columns: names.map((name) => ({ name, kind })) });

  it('labels inputs on through the time columns, replaces blanks and slashes, and numbers equal keys', () => {
    const input = { steps: 1, columns: [...block('series', 'load a', 'load/a').columns, ...block('time', 'Y_sin').columns] };
    const names = plotNames({ input, output: block('series', 'load a') } as never);
    expect(names.input.map(({ name, label }) => [name, label])).toEqual([
      ['input_load_a', 'IN1'],
      ['input_load_a_2', 'IN2'],
      ['time_Y_sin', 'IN3'],
    ]);
    expect(names.output).toEqual([{ name: 'output_load_a', side: 'output', label: 'OUT1', column: 'load a' }]);
  });

  it('never gives a column the key of a combined figure', () => {
    const names = plotNames({ input: block('series', 'violin_plot'), output: block('series', 'x') } as never);
    expect(names.input[0]?.name).toBe(`${COMBINED_PLOTS.input}_2`);
  });

  it('starts the twenty colours over', () => {
    expect([columnColor(0), columnColor(20), columnColor(19)]).toEqual(['#1f77b4', '#1f77b4', '#9edae5']);
  });

  it.each([
    // round(255 · seaborn.desaturate(c, 0.75)), and colorsys lightness · 0.6
    ['#1f77b4', '#3274a1', '#3f3f3f'],
    ['#ff7f0e', '#e1812c', '#515151'],
    ['#c7c7c7', '#c7c7c7', '#777777'],
  ])('fills %s as %s within %s, like seaborn', (color, face, edge) =>
    expect([desaturate(color, 0.75), outlineGrey(color)]).toEqual([face, edge]),
  );
});
