import { evaluateForecasts, evaluationStepMin, evaluationTables, summaryMetrics } from '../../../src/domain/evaluation';
import type { SummaryMetrics } from '../../../src/domain/evaluation';
import { METRIC_NAMES } from '../../../src/domain/metrics';
import type { SeriesSettings } from '../../../src/domain/settings/types';
import { exampleForecast } from './exampleForecast';

/** MAE MAPE MSE RMSE NRMSE WAPE sMAPE MASE of pipeline.md 21.3, by output and averaging level. */
const DF_EVAL: Record<string, Record<number, number[]>> = {
  C: {
    1: [3.177597047, 8.933064812, 15.114396886, 3.88772387, 0.109434584, 8.944539872, 9.573321244, 1.74679473],
    2: [3.17361348, 9.012994857, 13.348638936, 3.653578922, 0.103446455, 8.985684232, 9.585538199, 1.284683793],
    6: [3.17361348, 9.108023172, 10.315642121, 3.211797335, 0.09093797, 8.985684232, 9.551878858, 0.868401574],
    12: [3.17361348, 9.094559076, 10.259428984, 3.20303434, 0.090689857, 8.985684232, 9.534548142, 4.800034458],
  },
  D: {
    1: [1.063318906, 4.837102781, 1.809328784, 1.345112926, 0.059894549, 4.734695857, 4.654162332, 1.353631343],
    2: [1.057887176, 4.780123952, 1.509972178, 1.228809252, 0.054756318, 4.713995027, 4.629085959, 1.524145222],
    6: [1.057887176, 4.743888952, 1.150466661, 1.072598089, 0.047795475, 4.713995027, 4.630065697, 1.219603842],
    12: [1.057887176, 4.73704567, 1.141502139, 1.068411035, 0.047608898, 4.713995027, 4.624658887, 6.511239733],
  },
};
const LISTED_DIGITS = 8; // the specification prints nine decimals

const arrays = (windows: number, steps: number, labels: string[], truth: (cell: number) => number, forecast: (cell: number) => number) => ({
  truth: Float64Array.from({ length: windows * steps * labels.length }, (_, cell) => truth(cell)),
  forecast: Float64Array.from({ length: windows * steps * labels.length }, (_, cell) => forecast(cell)),
  windows,
  steps,
  outputs: labels.map((label) => ({ label, stepMin: 15 })),
});

function expectRow(metrics: SummaryMetrics | SummaryMetrics['per_output'][string], expected: (number | null)[]) {
  METRIC_NAMES.forEach((name, i) => {
    const value = expected[i]!;
    if (value !== null) expect([name, metrics[name]]).toEqual([name, expect.closeTo(value, LISTED_DIGITS)]);
  });
}

describe('evaluation tables', () => {
  const { dfEval, dfEvalTs } = evaluationTables(exampleForecast('all').testOriginal);

  it.each([
    ['C', 1],
    ['C', 2],
    ['C', 6],
    ['C', 12],
    ['D', 1],
    ['D', 2],
    ['D', 6],
    ['D', 12],
  ] as const)('of the golden example give output %s at level %i', (output, level) => {
    expect(dfEval[output]!['delta [min]'][level - 1]).toBe(15 * level);
    METRIC_NAMES.forEach((name, i) => {
      expect([name, dfEval[output]![name][level - 1]]).toEqual([name, expect.closeTo(DF_EVAL[output]![level]![i]!, LISTED_DIGITS)]);
    });
  });

  it('are the same with scalers fitted on the training part: least squares does not depend on the scale', () => {
    const other = evaluationTables(exampleForecast('train').testOriginal).dfEval;
    for (const output of ['C', 'D']) {
      for (const name of METRIC_NAMES) {
        other[output]![name].forEach((value, i) => expect(value).toBeCloseTo(dfEval[output]![name][i]!, 9));
      }
    }
  });

  it('per time step of the golden example agree at steps 0, 6 and 12', () => {
    const steps = dfEvalTs['C']!['15.0']!;
    const expected = { MAE: [3.144178676, 3.078241025, 3.225399849], MASE: [2.451179054, 2.292460279, 2.191133758] };
    for (const name of ['MAE', 'MASE'] as const) {
      [0, 6, 12].forEach((step, i) => expect(steps[name][step]).toBeCloseTo(expected[name][i]!, LISTED_DIGITS));
    }
  });

  it('have their keys in the order clients rely on', () => {
    expect(Object.keys(dfEval['C']!)).toEqual(['delta [min]', ...METRIC_NAMES]);
    expect(Object.keys(dfEvalTs['C']!).slice(0, 3)).toEqual(['15.0', '30.0', '45.0']);
  });

  it.each([
    [13, [13, 6, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1]],
    [12, [12, 6, 4, 3, 2, 2, 1, 1, 1, 1, 1, 1]],
    [5, [5, 2, 1, 1, 1]],
  ])('of %i steps have the levels and list lengths of the specification', (steps, lengths) => {
    const tables = evaluationTables(
      arrays(
        4,
        steps,
        ['A'],
        (cell) => cell % 7,
        (cell) => cell % 5,
      ),
    );
    expect(Object.values(tables.dfEvalTs['A']!).map((level) => level.MAE.length)).toEqual(lengths);
    expect(tables.dfEval['A']!.MAE).toHaveLength(lengths.length);
  });

  it('write the step width as text with at least one decimal, or the level where there is none', () => {
    const keys = (stepMin: number | null) => {
      const one = arrays(
        2,
        2,
        ['A'],
        (cell) => cell,
        (cell) => cell,
      );
      return Object.keys(evaluationTables({ ...one, outputs: [{ label: 'A', stepMin }] }).dfEvalTs['A']!);
    };
    expect(keys(15)).toEqual(['15.0', '30.0']);
    expect(keys(7.5)).toEqual(['7.5', '15.0']);
    expect(keys(60 / 7)).toEqual(['8.571428571428571', '17.142857142857142']);
    expect(keys(null)).toEqual(['level 1', 'level 2']);
    expect(
      evaluationTables({
        ...arrays(
          1,
          1,
          ['A'],
          () => 1,
          () => 2,
        ),
        outputs: [{ label: 'A', stepMin: null }],
      }).dfEval['A']!['delta [min]'],
    ).toEqual([null]);
  });

  it('drop the leftover steps of every window', () => {
    // windows (1 2 9) and (3 4 9): at level 2 only the means 1.5 and 3.5 count
    const truth = [1, 2, 9, 3, 4, 9];
    const tables = evaluationTables(
      arrays(
        2,
        3,
        ['A'],
        (cell) => truth[cell]!,
        () => 0,
      ),
    );
    expect(tables.dfEval['A']!.MAE[1]).toBe(2.5);
  });

  it('name output, level and number of zero truths', () => {
    const zeros = [0, 4, 0, 0];
    const { warnings } = evaluationTables(
      arrays(
        2,
        2,
        ['A'],
        (cell) => zeros[cell]!,
        () => 1,
      ),
    );
    expect(warnings.map(({ code, context }) => [code, context['output'], context['level'], context['count']])).toEqual([
      ['MAPE_ZERO_TRUTH', 'A', 1, 3],
      ['MAPE_ZERO_TRUTH', 'A', 2, 1],
    ]);
  });

  it('see the zero of a block whose prefix sums differ by rounding', () => {
    // 0.1 + 0.2 + 0.3 + 0 + 0 in running sums leaves a trace in the block of zeros; its mean must be 0
    const truth = [0.1, 0.2, 0.3, 0.7, 0, 0];
    const { dfEvalTs } = evaluationTables(
      arrays(
        1,
        6,
        ['A'],
        (cell) => truth[cell]!,
        () => 1,
      ),
    );
    expect(dfEvalTs['A']!['30.0']!.MAPE[2]).toBe(100 / Number.EPSILON);
  });
});

describe('summary metrics', () => {
  const parts = exampleForecast('all');
  const { evaluation, warnings } = evaluateForecasts(parts);

  it('average the outputs in original units', () => {
    const original = evaluation.test_metrics_original!;
    expectRow(original, [2.120457977, 6.885083797, 8.461862835, 2.616418398, 0.084664566, 6.839617864, 7.113741788, 1.550213037]);
    expectRow(original.per_output['C']!, DF_EVAL['C']![1]!);
    expectRow(original.per_output['D']!, DF_EVAL['D']![1]!);
    expect(original.MAE_TS[0]).toBeCloseTo((3.144178676 + 1.06354565) / 2, LISTED_DIGITS);
    expect(original.per_output['D']!.MAE_TS[0]).toBeCloseTo(1.06354565, LISTED_DIGITS);
    expect(original.MASE_TS).toHaveLength(13);
  });

  it('agree for the scaled test part', () => {
    const scaled = evaluation.test_metrics_scaled!;
    const zeroTruth = null;
    expectRow(scaled.per_output['C']!, [
      0.072218115,
      zeroTruth,
      0.007807023,
      0.088357361,
      0.463621771,
      37.89371934,
      86.151628092,
      1.74679473,
    ]);
    expectRow(
      scaled.per_output['D']!,
      [0.1050399, 15.684042553, 0.017656272, 0.132876907, 0.177431673, 14.026067915, 13.749617049, 1.353631343],
    );
    expectRow(scaled, [0.088629007, zeroTruth, 0.012731648, 0.110617134, 0.320526722, 25.959893628, 49.95062257, 1.550213037]);
  });

  it('agree for the scaled validation part', () => {
    const scaled = evaluation.val_metrics_scaled!;
    const zeroTruth = null;
    expectRow(
      scaled.per_output['C']!,
      [0.065182562, 18.80608439, 0.007174057, 0.084699808, 0.183125985, 14.09285471, 24.925012098, 1.608980459],
    );
    expectRow(scaled.per_output['D']!, [
      0.099125928,
      zeroTruth,
      0.016072354,
      0.126776788,
      0.256505568,
      20.055999854,
      30.075754212,
      1.25708225,
    ]);
    expectRow(scaled, [0.082154245, zeroTruth, 0.011623206, 0.105738298, 0.219815776, 17.074427282, 27.500383155, 1.433031354]);
  });

  it('warn of the zero truths of the scaled parts, and only of them', () => {
    expect(warnings.map(({ context }) => [context['family'], context['output']])).toEqual([
      ['test_scaled', 'C'],
      ['val_scaled', 'D'],
    ]);
  });

  it('agree with scalers fitted on the training part', () => {
    const scaled = evaluateForecasts(exampleForecast('train')).evaluation.test_metrics_scaled!;
    expect([scaled.per_output['C']!.MAE, scaled.per_output['D']!.MAE, scaled.MAE]).toEqual(
      [0.075671486, 0.105655694, 0.09066359].map((value) => expect.closeTo(value, LISTED_DIGITS)),
    );
    expect([scaled.per_output['C']!.RMSE, scaled.per_output['D']!.RMSE, scaled.RMSE]).toEqual(
      [0.092582489, 0.133655895, 0.113119192].map((value) => expect.closeTo(value, LISTED_DIGITS)),
    );
  });

  it('are null where one output is undefined, and leave the other output alone', () => {
    const constant = arrays(
      3,
      2,
      ['A', 'B'],
      (cell) => (cell % 2 === 0 ? 4 : cell),
      () => 1,
    );
    const summary = summaryMetrics(constant, 'test_original').metrics!;
    expect(summary.MASE).toBeNull();
    expect(summary.per_output['A']!.MASE).toBeNull();
    expect(summary.per_output['B']!.MASE).not.toBeNull();
    expect(summary.MAE).not.toBeNull();
  });

  it('are null for an empty part', () => {
    expect(
      summaryMetrics(
        arrays(
          0,
          3,
          ['A'],
          () => 0,
          () => 0,
        ),
        'val_scaled',
      ),
    ).toEqual({ metrics: null, warnings: [] });
  });
});

describe('step width of an output', () => {
  const series = { role: 'output', dataForm: 'historical', horizonStartH: 0, horizonEndH: 3, horizonMean: false } as SeriesSettings;
  const steps = (outputSteps: number) => ({ inputSteps: 13, outputSteps, referenceStepMin: 15, referenceOffsetMin: 0 });

  it('is the step of its window, the whole horizon for one mean, and nothing for the current value', () => {
    expect(evaluationStepMin(series, steps(13))).toBe(15);
    expect(evaluationStepMin({ ...series, horizonMean: true }, steps(1))).toBe(180);
    expect(evaluationStepMin({ ...series, horizonMean: true }, steps(13))).toBe(15);
    expect(evaluationStepMin({ ...series, dataForm: 'currentValue' }, steps(13))).toBeNull();
  });
});
