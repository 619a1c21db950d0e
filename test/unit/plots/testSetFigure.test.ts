import { buildDataset } from '../../../src/domain/dataset';
import { drawTestSample, subplotGrid, testSetFigure } from '../../../src/domain/plots';
import type { TestSetFigure } from '../../../src/domain/plots';
import { fitScalers } from '../../../src/domain/scaling';
import type { DatasetSettings, TestSetPlotSettings } from '../../../src/domain/settings';
import { GOLDEN_SERIES, GOLDEN_SETTINGS, HOUR, MINUTE, utc } from '../dataset/support';

const SPLIT = { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'all' } as const;
const FIRST_TEST_WINDOW = 310 + 89; // pipeline 21.2: reference 2024-04-03 10:00
const REF = utc('2024-04-03 10:00');

const plot = (change: Partial<TestSetPlotSettings> = {}): TestSetPlotSettings => ({
  subplots: 1,
  xAxis: 'time',
  units: 'original',
  yAxes: 'separate',
  seed: 42,
  format: 'png',
  selection: { input: [0, 1], output: [0, 1], forecast: [0, 1] },
  ...change,
});

/** The golden example of pipeline 21 with a stored forecast of 0.25 for C and 0.75 for D throughout. */
function golden(settings: TestSetPlotSettings, dataset: DatasetSettings = GOLDEN_SETTINGS): TestSetFigure {
  const built = buildDataset(GOLDEN_SERIES, dataset);
  const forecast = Float64Array.from({ length: 13 * 2 }, (_, k) => (k % 2 === 0 ? 0.25 : 0.75));
  return testSetFigure(built, { windows: [FIRST_TEST_WINDOW], scalers: fitScalers(built, null), forecast }, settings);
}

const linesOf = (figure: TestSetFigure) => Object.fromEntries(figure.subplots[0]!.lines.map((line) => [line.name, line]));

describe('windows of a test-set plot', () => {
  it('are drawn by stream 5 from the test part, in drawn order (pipeline 12: 17 of 44, seed 42)', () => {
    const { positions, windows, testCount } = drawTestSample(443, SPLIT, 17, 42);
    expect([...positions]).toEqual([18, 41, 15, 6, 42, 5, 25, 20, 27, 11, 17, 14, 36, 24, 3, 12, 32]);
    expect([...windows]).toEqual([...positions].map((position) => FIRST_TEST_WINDOW + position));
    expect(testCount).toBe(44);
  });

  it('are all of them where fewer than wanted exist, each once', () => {
    const { positions } = drawTestSample(443, SPLIT, 100, 7);
    expect([...positions].sort((a, b) => a - b)).toEqual(Array.from({ length: 44 }, (_, k) => k));
  });

  it('follow the sample order of a random split', () => {
    const { positions, windows } = drawTestSample(10, { ...SPLIT, random: true }, 5, 1);
    // pipeline 12: permutation of 10 by stream 1, seed 42, is 3 0 1 4 2 9 7 5 6 8; one test window: 10 → (7, 2, 1)
    expect([[...positions], [...windows]]).toEqual([[0], [8]]);
  });

  it.each([
    [1, 1, 1],
    [2, 1, 2],
    [3, 2, 2],
    [17, 4, 5],
    [20, 4, 5],
    [100, 10, 10],
  ])('%d stand in %d rows of %d', (count, rows, columns) => expect(subplotGrid(count)).toEqual({ rows, columns }));
});

describe('lines of a test-set plot', () => {
  it('carry role and label, colours by column, and the reference time in the title', () => {
    const figure = golden(plot());
    expect(figure.subplots[0]).toMatchObject({ title: 'UTC: 2024-04-03 10:00:00', reference: REF });
    expect(figure.subplots[0]!.lines.map(({ kind, name, color }) => [kind, name, color])).toEqual([
      ['input', 'IN: A', '#1f77b4'],
      ['input', 'IN: B', '#aec7e8'],
      ['output', 'OUT: C', '#ff7f0e'],
      ['output', 'OUT: D', '#ffbb78'],
      ['forecast', 'FCST: C', '#ff7f0e'],
      ['forecast', 'FCST: D', '#ffbb78'],
    ]);
  });

  it('show the instants of their own windows', () => {
    const { 'IN: A': a, 'IN: B': b, 'FCST: C': c } = linesOf(golden(plot()));
    const quarters = (first: number) => Array.from({ length: 13 }, (_, k) => REF + (first + k) * 15 * MINUTE);
    expect([...a!.x]).toEqual(quarters(-12));
    expect([...b!.x]).toEqual(quarters(0));
    expect([...c!.x]).toEqual(quarters(0));
  });

  it('count steps to 0 for inputs, from 0 for outputs in "ts"', () => {
    const figure = golden(plot({ xAxis: 'step' }));
    const { 'IN: B': b, 'OUT: C': c, 'FCST: C': forecast } = linesOf(figure);
    expect(figure.subplots[0]!.reference).toBe(0);
    expect([...b!.x]).toEqual([-12, -11, -10, -9, -8, -7, -6, -5, -4, -3, -2, -1, 0]);
    expect([...c!.x]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(forecast!.x).toEqual(c!.x);
  });

  it('hold measured values and the forecast brought back to original units', () => {
    const lines = linesOf(golden(plot()));
    // pipeline 21.2: first test window
    expect([...lines['IN: A']!.y.subarray(0, 3)]).toEqual([75.319, 68.939, 69.478]);
    expect([...lines['OUT: C']!.y.subarray(0, 3)]).toEqual([41.848, 41.77, 41.716]);
    expect([...lines['OUT: D']!.y.subarray(0, 3)]).toEqual([17.7, 17.231, 18.019]);
    for (const y of lines['FCST: C']!.y) expect(y).toBeCloseTo(27.14 + 0.25 * (71.14 - 27.14), 9); // range of C: 27.14 … 71.14
    for (const y of lines['FCST: D']!.y) expect(y).toBeCloseTo(14.877 + 0.75 * (25 - 14.877), 9);
  });

  it('hold scaled values and the forecast as it is in "skaliert"; the truth is never the forecast', () => {
    const lines = linesOf(golden(plot({ units: 'scaled' })));
    expect(lines['IN: A']!.y[0]).toBeCloseTo(75.319 * 0.02173913 - 0.65217391, 6);
    expect(lines['OUT: C']!.y[0]).toBeCloseTo(41.848 * 0.02272727 - 0.61681818, 6);
    expect(new Set(lines['FCST: C']!.y)).toEqual(new Set([0.25]));
    expect(new Set(lines['FCST: D']!.y)).toEqual(new Set([0.75]));
  });

  it('of time groups show the group’s instants; current values and times stand at the reference time', () => {
    const scale = { scale: true, scaleMin: 0, scaleMax: 1 };
    const settings: DatasetSettings = {
      ...GOLDEN_SETTINGS,
      series: GOLDEN_SETTINGS.series.map((one) => (one.label === 'A' ? { ...one, dataForm: 'currentValue' } : one)),
      time: {
        timeZone: 'UTC',
        groups: [
          { group: 'W', localTime: false, dataForm: 'current', horizonStartH: -24, horizonEndH: 0, ...scale },
          { group: 'D', localTime: false, dataForm: 'horizon', horizonStartH: -24, horizonEndH: 0, ...scale },
        ],
      },
    };
    const figure = golden(plot({ selection: { input: [0, 2, 4, 5], output: [], forecast: [] } }), settings);
    const { 'IN: A': a, 'TIME: W_sin': w, 'TIME: D_sin': d } = linesOf(figure);
    const start = figure.subplots[0]!.reference;
    expect(new Set(a!.x)).toEqual(new Set([start]));
    expect(new Set(w!.x)).toEqual(new Set([start]));
    expect([...d!.x]).toEqual(Array.from({ length: 13 }, (_, k) => start - 24 * HOUR + k * 2 * HOUR));
    expect(d!.y[12]).toBeCloseTo(Math.sin(((start / 1e6) % 86_400) * ((2 * Math.PI) / 86_400)), 9);
    expect(figure.subplots[0]!.lines.map(({ kind }) => kind)).toEqual(['input', 'time', 'time', 'time']);
  });

  it('are refused with forecasts of another shape', () => {
    const built = buildDataset(GOLDEN_SERIES, GOLDEN_SETTINGS);
    const drawn = { windows: [FIRST_TEST_WINDOW], scalers: fitScalers(built, null), forecast: new Float64Array(13) };
    expect(() => testSetFigure(built, drawn, plot())).toThrow(RangeError);
  });
});

describe('axes of a test-set plot', () => {
  const axes = (selection: TestSetPlotSettings['selection'], yAxes: TestSetPlotSettings['yAxes'] = 'separate') => {
    const figure = golden(plot({ selection, yAxes }));
    return {
      axes: figure.axes.map(({ side, place }) => `${side} ${place}`),
      used: figure.subplots[0]!.lines.map(({ name, axis }) => [name, axis]),
      colors: figure.axes.map(({ color }) => color),
    };
  };

  it('are one per input and output, the first half left, the rest right, each further out than the one before', () => {
    const { axes: places, colors } = axes({ input: [0, 1], output: [0, 1], forecast: [] });
    expect(places).toEqual(['left 0', 'left 1', 'right 0', 'right 1']);
    expect(colors).toEqual(['#1f77b4', '#aec7e8', '#ff7f0e', '#ffbb78']);
    expect(axes({ input: [0, 1], output: [0], forecast: [] }).axes).toEqual(['left 0', 'right 0', 'right 1']);
    expect(axes({ input: [], output: [1], forecast: [] }).axes).toEqual(['left 0']);
  });

  it('are shared by an output and its forecast, also where only one of them is selected', () => {
    expect(axes({ input: [1], output: [0], forecast: [0, 1] })).toMatchObject({
      axes: ['left 0', 'right 0', 'right 1'],
      used: [
        ['IN: B', 0],
        ['OUT: C', 1],
        ['FCST: C', 1],
        ['FCST: D', 2],
      ],
    });
  });

  it('are a single one without a colour of its own for "gemeinsame Achse"', () => {
    const { axes: places, used, colors } = axes({ input: [0], output: [1], forecast: [] }, 'shared');
    expect([places, colors, used.map(([, axis]) => axis)]).toEqual([['left 0'], [null], [0, 0]]);
  });
});
