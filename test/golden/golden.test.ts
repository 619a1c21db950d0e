import { basename, join } from 'node:path';
import { findCases, loadCase } from '../../src/golden/loadCase';
import { runCase, runCaseIn } from '../../src/golden/runCase';
import type { GoldenCase } from '../../src/golden/types';
import { BACKENDS } from '../training/support';

const CASES = join(__dirname, 'cases');
const all = findCases(CASES);

const named = (dirs: string[]) => dirs.map((dir) => [basename(dir), dir] as const);

const load = (name: string) => loadCase(join(CASES, name));

/** The case with one expected number changed. */
async function afterChange(name: string, change: (expected: GoldenCase['expected']) => void) {
  const golden = load(name);
  change(golden.expected);
  return runCase(golden);
}

describe('golden cases', () => {
  it('are all there: 43 of them', () => {
    expect(all).toHaveLength(43);
  });

  it.each(named(all))('%s agrees with the reference within its tolerances', async (_name, dir) => {
    const report = await runCaseIn(dir);
    expect(report).toMatchObject({ ok: true });
    expect(report.checks).toBeGreaterThan(50);
  });
});

/** 50 dense, 51 CNN, 52 LSTM, 53 AR LSTM, 54 dense with unequal steps. */
const networks = named(all.filter((dir) => /^5\d-/.test(basename(dir))));

describe.each(BACKENDS)('golden networks on the %s back end', (backend) => {
  it.each(networks)('%s follows Keras from the stored weights, batch by batch and epoch by epoch', async (_name, dir) => {
    const report = await runCaseIn(dir, backend);
    expect(report).toMatchObject({ ok: true });
    expect(report.checks).toBeGreaterThan(500);
  });
});

describe('a golden case with one changed number fails', () => {
  it.each<[string, string, (expected: GoldenCase['expected']) => void]>([
    ['a count', '01-single-series', (expected) => (expected.n_dat! += 1)],
    ['a figure of a series', '08-gaps', (expected) => (expected.series![0]!['zeitschrittweite'] = 16.05)],
    [
      'the last reference time',
      '06-offset',
      ({ reference_times }) => (reference_times!.kept![reference_times!.kept!.length - 1] = '2024-01-01 00:00:00'),
    ],
    ['a window value, by two millionths', '12-client-like', ({ input_array }) => change(input_array!.samples![0]!.values, 1 + 2e-6)],
    [
      'the order check of a column',
      '02-several-series',
      ({ output_array }) => (output_array!.per_column![0]!['weighted_sum']! *= 1 + 2e-6),
    ],
    ['a scaler', '10-scaling', ({ scalers }) => (scalers!.output[0]!.scale *= 1 + 2e-6)],
    [
      'a scaler where there is none',
      '46-lin-unscaled',
      ({ scalers }) => (scalers!.input[0] = { column: 'HUFL', scale: 1, shift: 0, data_min: 0, data_max: 1, target: [0, 1] }),
    ],
    ['the size of a part', '13-tiny', ({ split }) => (split!['test'] = 1)],
    ['a scaled value', '05-fractional-horizons', ({ scaled }) => change(scaled!.output!.samples![0]!.values, 1.001)],
    ['a coefficient', '40-lin-2in-2out', ({ model }) => (model!.linear![1]!.coefficients[0]! *= 1 + 2e-6)],
    ['a forecast', '41-lin-few-steps', ({ model }) => change(model!.test_prediction_scaled!.samples![3]!.values, 1 + 2e-6)],
    ['a sum of dual coefficients', '42-svr-mimo-rbf', ({ model }) => (model!.svr![1]!.dual_sum_abs *= 1 + 2e-3)],
    ['an intercept', '44-svr-dir-unequal', ({ model }) => (model!.svr![0]!.intercept *= 1 + 2e-3)],
    ['a number of support vectors', '45-svr-mimo-linear-time', ({ model }) => (model!.svr![0]!.n_support *= 1.1)],
    [
      'a forecast of support vectors',
      '43-svr-dir-poly',
      ({ model }) => change(model!.test_prediction_scaled!.samples![0]!.values, 1 + 2e-3),
    ],
    ['a metric at a level', '46-lin-unscaled', ({ model }) => (model!.df_eval!['OT']!['sMAPE']![11]! *= 1 + 2e-6)],
    ['a metric at a step', '40-lin-2in-2out', ({ model }) => (model!.df_eval_ts!['LULL']!['60.0']!['MASE']![12]! *= 1 + 2e-6)],
    ['a pooled metric', '41-lin-few-steps', ({ model }) => ((model!.pooled_metrics!.scaled!['WAPE'] as number) *= 1 + 2e-6)],
    ['a metric of given arrays, by two billionths', '60-eval-13', ({ df_eval }) => (df_eval!['B']!['NRMSE']![6]! *= 1 + 2e-9)],
    ['an undefined cell', '63-eval-constant', ({ df_eval }) => (df_eval!['A']!['MASE']![0] = 1)],
    ['a metric of a short vector', '64-metric-vectors', ({ results }) => (results![7]!['MASE'] = 0.0666)],
    ['a split size', '65-split-sizes', ({ rows }) => (rows![50]![2]! += 1)],
    ['a weight after the first batch', '50-dense', ({ model }) => change(model!.network!.weights_after_first_batch![0]!.values, 1.001)],
    ['a loss', '50-dense', ({ model }) => (model!.network!.log![2]!.val_loss *= 1.001)],
  ])('%s (%s)', async (_what, name, changeOne) => {
    const report = await afterChange(name, changeOne);
    expect(report.ok).toBe(false);
    expect(report.reason).not.toMatch(/^run:/); // it was compared, not merely impossible
    expect(report.worst!.error).toBeGreaterThan(report.worst!.tolerance);
  });

  it('and one with a part that nobody knows fails too', async () => {
    const report = await afterChange('01-single-series', (expected) => Object.assign(expected, { residuals: [1] }));
    expect(report).toMatchObject({ ok: false, reason: expect.stringContaining('residuals') as unknown });
  });

  it('and one whose settings are refused says what is wrong', async () => {
    const golden = load('01-single-series');
    golden.settings.zeitschritte!['eingabe'] = 0;
    const report = await runCase(golden);
    expect(report).toMatchObject({ ok: false, reason: expect.stringContaining('eingabe') as unknown });
  });

  it('and a folder without expected.json fails', async () => {
    expect(await runCaseIn(join(CASES, '01-single-series', 'input'))).toMatchObject({ ok: false, checks: 0 });
  });
});

/** Multiplies the first number of a nested list. */
function change(values: unknown[], factor: number): void {
  const [first] = values;
  if (Array.isArray(first)) change(first, factor);
  else values[0] = (first as number) * factor;
}
