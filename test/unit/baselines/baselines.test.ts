import { evaluateBaselines } from '../../../src/domain/baselines';
import type { BaselineInput } from '../../../src/domain/baselines';
import { METRIC_NAMES } from '../../../src/domain/metrics';
import type { Series } from '../../../src/domain/series';
import type { DatasetSettings, SeriesSettings, StepConfig } from '../../../src/domain/settings';
import { KEPT_REFERENCES, SERIES, SPLIT } from '../../golden/example';
import { exampleForecast } from '../evaluation/exampleForecast';

const HOUR = 3_600_000_000;

const output = (label: string, more: Partial<SeriesSettings> = {}): SeriesSettings => ({
  label,
  role: 'output',
  dataForm: 'historical',
  horizonStartH: 0,
  horizonEndH: 3,
  horizonDefaulted: false,
  alignment: 'linear',
  horizonMean: false,
  scale: true,
  scaleMin: 0,
  scaleMax: 1,
  ...more,
});

const settings = (series: SeriesSettings[], steps: Partial<StepConfig> = {}): DatasetSettings => ({
  series,
  steps: { inputSteps: 13, outputSteps: 13, referenceStepMin: 15, referenceOffsetMin: 0, ...steps },
  time: { timeZone: 'UTC', groups: [] },
});

describe('baselines of the golden example', () => {
  const model = exampleForecast('all').testOriginal;
  const refTimes = Float64Array.from(KEPT_REFERENCES.slice(SPLIT.train + SPLIT.validation), (row) => SERIES.C.times[row]!);
  const { baselines, warnings } = evaluateBaselines({
    settings: settings([output('C'), output('D')]),
    outputs: [SERIES.C, SERIES.D],
    refTimes,
    model,
  });

  /** pipeline.md 21.7: the eight metrics, then the skill of the linear model. */
  const EXPECTED = {
    persistence: {
      C: [4.911326923, 13.211861717, 38.320407222, 6.190347908, 0.174250583, 13.824773512, 13.495303328, 2.699864036, 0.37197],
      D: [1.294590909, 5.83119607, 2.572229657, 1.603817214, 0.07141401, 5.764492833, 5.980687499, 1.64804634, 0.161305],
    },
    daily: {
      C: [2.284522727, 6.696673044, 5.576566386, 2.361475468, 0.066472593, 6.430646907, 6.507398916, 1.255852206, -0.646311],
      D: [0.664423077, 2.984948269, 0.786088287, 0.8866162, 0.039478825, 2.958511479, 2.980248116, 0.845827058, -0.517131],
    },
  };

  it.each([
    ['persistence', 'C'],
    ['persistence', 'D'],
    ['daily', 'C'],
    ['daily', 'D'],
  ] as const)('give the errors of %s for output %s', (name, label) => {
    const result = baselines[name][label]!;
    const expected = EXPECTED[name][label];
    METRIC_NAMES.forEach((metric, i) => expect([metric, result[metric]]).toEqual([metric, expect.closeTo(expected[i]!, 8)]));
    expect(result.skill).toBeCloseTo(expected[8]!, 6);
    expect([result.coverage, result.n_windows]).toEqual([1, SPLIT.test]);
    expect(result).not.toHaveProperty('model');
  });

  it('have no weekly forecast after five days', () => {
    expect(baselines.weekly).toEqual({ C: null, D: null });
  });

  it('beat the linear model by yesterday, which is said', () => {
    expect(warnings.map(({ code, context }) => [code, context['output'], context['baseline']])).toEqual([
      ['WORSE_THAN_BASELINE', 'C', 'daily'],
      ['WORSE_THAN_BASELINE', 'D', 'daily'],
    ]);
  });
});

describe('naive forecasts', () => {
  const day = Date.UTC(2024, 0, 1) * 1000;

  /** Hourly rows from midnight; the value is the number of the hour unless said otherwise. */
  const hourly = (hours: number, value: (hour: number) => number = (hour) => hour): Series => ({
    label: 'A',
    role: 'output',
    times: Float64Array.from({ length: hours }, (_, hour) => day + hour * HOUR),
    values: Float64Array.from({ length: hours }, (_, hour) => value(hour)),
  });

  /** The forecast itself: the model is a zero forecast of a zero truth, so MAE and RMSE of the baseline are those of its values. */
  function meanValue(
    name: 'persistence' | 'daily' | 'weekly',
    series: Series,
    one: Partial<SeriesSettings>,
    steps: number,
    refHour: number,
  ) {
    const zeros = new Float64Array(steps);
    const input: BaselineInput = {
      settings: settings([output('A', one)], { outputSteps: steps, referenceStepMin: 60 }),
      outputs: [series],
      refTimes: Float64Array.of(day + refHour * HOUR),
      model: { truth: zeros, forecast: zeros, windows: 1, steps, outputs: [{ label: 'A', stepMin: 60 }] },
    };
    return evaluateBaselines(input).baselines[name]['A']?.MAE ?? null;
  }

  it('repeat the last row strictly before the reference time', () => {
    expect(meanValue('persistence', hourly(100), { horizonStartH: 0, horizonEndH: 2 }, 3, 50)).toBe(49);
  });

  it('know nothing after the start of a window that begins in the past', () => {
    expect(meanValue('persistence', hourly(100), { horizonStartH: -4, horizonEndH: 2 }, 3, 50)).toBe(45);
  });

  it('skip missing rows for persistence', () => {
    const gap = hourly(100, (hour) => (hour === 48 || hour === 49 ? NaN : hour));
    expect(meanValue('persistence', gap, { horizonStartH: 0, horizonEndH: 2 }, 3, 50)).toBe(47);
    expect(
      meanValue(
        'persistence',
        hourly(100, (hour) => (hour < 50 ? NaN : 1)),
        { horizonEndH: 2 },
        3,
        50,
      ),
    ).toBeNull();
  });

  it('go back one day where yesterday is known and two where it is not', () => {
    // steps at 60 and 84 (ref + 10 h and ref + 34 h): 60 − 24 = 36; 84 − 24 = 60 is after the reference 50, so 84 − 48 = 36
    expect(meanValue('daily', hourly(100), { horizonStartH: 10, horizonEndH: 34 }, 2, 50)).toBe(36);
    // 50 − 24 = 26 and 74 − 24 = 50: the row at the reference itself is not before it, so 74 − 48 = 26
    expect(meanValue('daily', hourly(100), { horizonStartH: 0, horizonEndH: 24 }, 2, 50)).toBe(26);
  });

  it('do not use a straight line whose right row lies after the cut', () => {
    // rows at even hours; ref 49.5 h, first step at 73 h: 49 h lies between rows 48 and 50, and 50 is too late, so 25 h from rows 24 and 26
    const coarse: Series = {
      ...hourly(60),
      times: Float64Array.from({ length: 60 }, (_, i) => day + 2 * i * HOUR),
      values: Float64Array.from({ length: 60 }, (_, i) => 2 * i),
    };
    expect(meanValue('daily', coarse, { horizonStartH: 23.5, horizonEndH: 24.5 }, 2, 49.5)).toBe((25 + 26) / 2);
  });

  it('use the nearest row, the earlier of two', () => {
    const coarse: Series = {
      ...hourly(60),
      times: Float64Array.from({ length: 60 }, (_, i) => day + 2 * i * HOUR),
      values: Float64Array.from({ length: 60 }, (_, i) => 2 * i),
    };
    // 51 − 24 = 27 → 26 (tie, earlier), 51.5 − 24 = 27.5 → 28
    expect(meanValue('daily', coarse, { horizonStartH: 1, horizonEndH: 1.5, alignment: 'nearest' }, 2, 50)).toBe(27);
  });

  it('average cells (u − d, u] under Mittelwertbildung', () => {
    // cells of 2 h ending at 50, 52 and 54, a day back: rows 25 26, 27 28, 29 30
    expect(meanValue('daily', hourly(100), { horizonStartH: 0, horizonEndH: 4, alignment: 'mean' }, 3, 50)).toBeCloseTo(
      (25.5 + 27.5 + 29.5) / 3,
      12,
    );
  });

  it('shift a horizon mean as a whole', () => {
    // [50, 74) a day back is [26, 50): all before 50
    expect(meanValue('daily', hourly(100), { horizonStartH: 0, horizonEndH: 24, horizonMean: true }, 2, 50)).toBe((26 + 49) / 2);
    // [50, 75) a day back holds row 50, two days back it is [2, 27)
    expect(meanValue('daily', hourly(100), { horizonStartH: 0, horizonEndH: 25, horizonMean: true }, 2, 50)).toBe((2 + 26) / 2);
  });

  it('take the current value at the reference time some days back, whatever the horizon says', () => {
    expect(meanValue('daily', hourly(100), { dataForm: 'currentValue', horizonStartH: -30, horizonEndH: -29 }, 3, 50)).toBe(26);
  });

  it('go back by weeks', () => {
    expect(meanValue('weekly', hourly(400), { horizonStartH: 0, horizonEndH: 1 }, 2, 300)).toBe((132 + 133) / 2);
  });

  it('are not available where a row used is missing', () => {
    const gap = hourly(100, (hour) => (hour === 27 ? NaN : hour));
    expect(meanValue('daily', gap, { horizonStartH: 0, horizonEndH: 2 }, 3, 50)).toBeNull();
  });

  it('compare with the model on the windows they cover, and only say so when some are left out', () => {
    const input: BaselineInput = {
      settings: settings([output('A', { horizonStartH: 0, horizonEndH: 1 })], { outputSteps: 2 }),
      outputs: [hourly(100, () => 1)],
      refTimes: Float64Array.of(day + 10 * HOUR, day + 30 * HOUR),
      model: {
        truth: Float64Array.of(5, 5, 2, 3),
        forecast: Float64Array.of(0, 0, 4, 5),
        windows: 2,
        steps: 2,
        outputs: [{ label: 'A', stepMin: 60 }],
      },
    };
    const { baselines, warnings } = evaluateBaselines(input);
    const daily = baselines.daily['A']!;
    // second window only: baseline errors 1 and 2, model errors 2 and 2
    expect([daily.n_windows, daily.coverage, daily.MAE, daily.model!.MAE]).toEqual([1, 0.5, 1.5, 2]);
    expect(daily.skill).toBeCloseTo(1 - 2 / Math.sqrt(2.5), 12);
    expect(baselines.persistence['A']!.coverage).toBe(1);
    // persistence over both windows: RMSE² (16 + 16 + 1 + 4)/4 = 9.25, model (25 + 25 + 4 + 4)/4 = 14.5
    expect(warnings.map(({ context }) => context['baseline'])).toEqual(['persistence']);
  });
});
