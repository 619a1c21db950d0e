import { buildDataset } from '../../../src/domain/dataset';
import { formatUtc } from '../../../src/domain/series';
import { fitScalers } from '../../../src/domain/scaling';
import { splitSizes } from '../../../src/domain/split';
import { checkDataset, GOLDEN_SERIES, GOLDEN_SETTINGS, NO_TIME, rows, seriesSettings, steps, utc, window } from './support';

const closeTo = (found: readonly number[], expected: readonly number[], tolerance: number) =>
  expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(tolerance));

describe('the golden example (pipeline.md 21)', () => {
  const dataset = buildDataset(GOLDEN_SERIES, GOLDEN_SETTINGS);

  it('starts with the rows of the specification', () => {
    expect(GOLDEN_SERIES.map(({ values }) => [...values.subarray(0, 4)])).toMatchObject([
      [50, 52.308, 54.611, 56.902],
      {},
      [62, 63.744, 65.435, 65.965],
      [20, 20.288, 19.328, 19.62],
    ]);
  });

  it('keeps 443 of 480 candidates and charges the rest to the series that refused them', () => {
    expect([dataset.candidateCount, dataset.windowCount]).toEqual([480, 443]);
    expect([dataset.firstCandidate, dataset.rangeEnd].map(formatUtc)).toEqual(['2024-03-30 00:00:00', '2024-04-03 23:45:00']);
    expect(dataset.rejections).toEqual([
      { label: 'A', role: 'input', outside: 12, missing: 0 },
      { label: 'B', role: 'input', outside: 12, missing: 13 },
      { label: 'C', role: 'output', outside: 0, missing: 0 },
      { label: 'D', role: 'output', outside: 0, missing: 0 },
    ]);
  });

  it('knows its first, last and first test reference', () => {
    const { nTrain, nVal, nTest } = splitSizes(443, { trainPercentage: 70, valPercentage: 20 });
    expect([nTrain, nVal, nTest]).toEqual([310, 89, 44]);
    const { refTimes } = dataset;
    expect([refTimes[0]!, refTimes[442]!, refTimes[nTrain + nVal]!].map(formatUtc)).toEqual([
      '2024-03-30 03:00:00',
      '2024-04-03 20:45:00',
      '2024-04-03 10:00:00',
    ]);
    expect([0, 1, 2].map((k) => [dataset.input.columns[0]!.value(399, k), dataset.input.columns[1]!.value(399, k)])).toEqual([
      [75.319, -1.168],
      [68.939, -1.425],
      [69.478, -1.651],
    ]);
    expect([0, 1, 2].map((k) => [dataset.output.columns[0]!.value(399, k), dataset.output.columns[1]!.value(399, k)])).toEqual([
      [41.848, 17.7],
      [41.77, 17.231],
      [41.716, 18.019],
    ]);
  });

  it('fits the scalers on all windows', () => {
    const { input, output } = fitScalers(dataset, null);
    const found = [input['0'], input['1'], output['0'], output['1']];
    expect(found.map((scaler) => [scaler!.data_min, scaler!.data_max])).toEqual([
      [30, 76],
      [-2.32, 17.04],
      [27.14, 71.14],
      [14.877, 25],
    ]);
    closeTo(
      found.map((scaler) => scaler!.scale),
      [0.02173913, 0.05165289, 0.02272727, 0.09878495],
      5e-9,
    );
    closeTo(
      found.map((scaler) => scaler!.min),
      [-0.65217391, 0.11983471, -0.61681818, -1.46962363],
      5e-9,
    );
    expect(input['0']!.n_samples_seen).toBe(443 * 13);
  });

  it('fits the scalers on the training windows (21.6)', () => {
    const { input, output } = fitScalers(
      dataset,
      Int32Array.from({ length: 310 }, (_, w) => w),
    );
    const found = [input['0'], input['1'], output['0'], output['1']];
    expect(found.map((scaler) => [scaler!.data_min, scaler!.data_max])).toEqual([
      [30, 76],
      [-1.36, 17.04],
      [29.148, 71.14],
      [14.936, 25],
    ]);
    closeTo(
      found.map((scaler) => scaler!.scale),
      [0.0217391304, 0.0543478261, 0.0238140598, 0.09936407],
      5e-11,
    );
    closeTo(
      found.map((scaler) => scaler!.min),
      [-0.652173913, 0.0739130435, -0.6941322157, -1.4841017488],
      5e-11,
    );
  });
});

describe.each(['compact', 'materialised'] as const)('check values of pipeline.md 22, %s', (storage) => {
  it.each([
    ['A linear', {}, steps(13, 13, 3), 424, 480, '01:09', '23:45'],
    ['A linear', {}, steps(8, 10, 15, 7), 85, 97, '01:07', '23:37'],
    ['A linear', {}, steps(3, 3, 15, 7), 85, 97, '01:07', '23:37'],
    ['B mean over the horizon', { horizonMean: true }, steps(8, 10, 15, 7), 91, 97, '01:07', '23:37'],
    ['C cell mean', { alignment: 'mean' as const }, steps(3, 3, 15, 7), 91, 97, '01:07', '23:37'],
    ['D nearest', { alignment: 'nearest' as const }, steps(3, 3, 15, 7), 88, 97, '01:07', '23:37'],
    ['D nearest', { alignment: 'nearest' as const }, steps(8, 10, 15, 7), 86, 97, '01:07', '23:37'],
  ])('%s %j %j keeps %d of %d candidates', (_, change, config, kept, candidates, first, last) => {
    const dataset = checkDataset(config, change, storage);
    expect([dataset.windowCount, dataset.candidateCount]).toEqual([kept, candidates]);
    expect([dataset.refTimes[0]!, dataset.refTimes[kept - 1]!].map(formatUtc)).toEqual([`2024-01-01 ${first}:00`, `2024-01-01 ${last}:00`]);
  });

  it('linear: points between the rows', () => {
    const fine = checkDataset(steps(13, 13, 3), {}, storage);
    closeTo(window(fine.input, 0), [2 / 15, 7 / 15, 0.8], 1e-12);
    closeTo(window(fine.output, 0), [98.62, 98.52, 98.42], 1e-9);
    const odd = checkDataset(steps(8, 10, 15, 7), {}, storage);
    closeTo(window(odd.input, 0), [0, 0.5714286, 1.2612039, 2.3060193, 3.50492, 4.857906, 6.3978014, 8], 1e-6);
    const coarse = checkDataset(steps(3, 3, 15, 7), {}, storage);
    closeTo(window(coarse.input, 0), [0, 2.8284271, 8], 1e-7);
    closeTo(window(coarse.output, 0), [98.66, 98.06, 97.46], 1e-9);
  });

  it('mean over the horizon: one value, repeated', () => {
    const dataset = checkDataset(steps(8, 10, 15, 7), { horizonMean: true }, storage);
    closeTo(
      [0, 1, 2].map((w) => dataset.input.columns[0]!.value(w, 0)),
      [2.2561449, 4.2561449, 6.8012299],
      1e-7,
    );
    closeTo(
      [0, 1, 2].map((w) => dataset.output.columns[0]!.value(w, 9)),
      [98.05, 97.75, 97.45],
      1e-9,
    );
    expect(new Set(window(dataset.input, 5)).size).toBe(1);
  });

  it('cell mean and nearest value', () => {
    const mean = checkDataset(steps(3, 3, 15, 7), { alignment: 'mean' }, storage);
    closeTo(window(mean.input, 0), [0, 1.9142136, 6.5980762], 1e-7);
    closeTo(window(mean.output, 0), [98.95, 98.35, 97.75], 1e-9);
    const nearest = checkDataset(steps(3, 3, 15, 7), { alignment: 'nearest' }, storage);
    closeTo(window(nearest.input, 0), [0, 2.8284271, 8], 1e-7);
    closeTo(window(nearest.output, 0), [98.8, 98.2, 97.6], 1e-9);
    const odd = checkDataset(steps(8, 10, 15, 7), { alignment: 'nearest' }, storage);
    closeTo(window(odd.input, 0), [0, 1, 1, 2.8284271, 2.8284271, 5.1961524, 5.1961524, 8], 1e-7);
    closeTo(window(odd.output, 0), [98.8, 98.5, 98.5, 98.2, 98.2, 97.9, 97.9, 97.6, 97.6, 97.6], 1e-9);
  });
});

describe('a real session (pipeline.md 22.1)', () => {
  const n = 106_273 + 2 * 96;
  const series = (label: string, role: 'input' | 'output') =>
    rows(
      label,
      role,
      utc('2022-12-31 00:00'),
      15,
      Array.from({ length: n }, (_, i) => i % 1195),
    );
  const group = (name: 'Y' | 'W' | 'D') => ({
    group: name,
    localTime: false,
    dataForm: 'horizon' as const,
    horizonStartH: -24,
    horizonEndH: 0,
    scale: true,
    scaleMin: 0,
    scaleMax: 1,
  });
  const dataset = buildDataset([series('load', 'input'), series('t', 'input'), series('fcst', 'input'), series('grid', 'output')], {
    series: [
      seriesSettings('load', 'input', -24, 0),
      seriesSettings('t', 'input', -24, 0),
      seriesSettings('fcst', 'input', 0, 24),
      seriesSettings('grid', 'output', 0, 24),
    ],
    steps: steps(97, 97, 15),
    time: { ...NO_TIME, groups: [group('Y'), group('W'), group('D')] },
  });

  it('has the windows, columns and split of the client', () => {
    expect([dataset.windowCount, dataset.input.columns.length, dataset.output.columns.length]).toEqual([106_273, 9, 1]);
    expect([dataset.refTimes[0]!, dataset.refTimes[106_272]!].map(formatUtc)).toEqual(['2023-01-01 00:00:00', '2026-01-12 00:00:00']);
  });

  it('has its time columns, scaled and unscaled', () => {
    const { input } = fitScalers(dataset, null);
    const time = dataset.input.columns.slice(3);
    closeTo(
      time.map((column, j) => column.value(0, 0) * input[String(j + 3)]!.scale + input[String(j + 3)]!.min),
      [0.489249, 0.999884, 0.987464, 0.38874, 0.5, 1],
      5e-7,
    );
    time.forEach((_, j) => closeTo([input[String(j + 3)]!.scale, input[String(j + 3)]!.min], [0.5, 0.5], 5e-5));
    closeTo(
      time.map((column) => column.value(95_646, 0)),
      [-0.987, -0.1606, -0.6663, -0.7456, 0.9239, -0.3827],
      5e-5,
    );
    expect(formatUtc(dataset.refTimes[95_646]! - 24 * 3600e6)).toBe('2025-09-22 07:30:00');
  });

  it('holds every value once, not once per window', () => {
    const held = [...dataset.input.columns, ...dataset.output.columns].reduce((sum, column) => sum + column.layout.data.byteLength, 0);
    expect(held).toBeLessThan(10 * 8 * (106_273 + 97));
  });
});
