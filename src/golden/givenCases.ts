import { evaluationTables, summaryMetrics } from '../domain/evaluation';
import { METRIC_NAMES, metrics } from '../domain/metrics';
import { splitSizes } from '../domain/split';
import type { Checks } from './checks';
import { comparePooled } from './comparePooled';
import { compareStepTables, compareTable } from './compareTables';
import { flatten } from './nested';
import { TOLERANCE } from './tolerances';
import type { CaseSettings, Expected, GoldenCase, NestedArray } from './types';

/** Cases whose numbers stand in settings.json; false when this is none of them. */
export function runGivenCase(checks: Checks, { settings, expected }: GoldenCase): boolean {
  if (settings.vectors) compareVectors(checks, settings.vectors, expected.results ?? []);
  else if (settings.n_dat) compareSplitSizes(checks, settings, expected);
  else if (settings.truth && settings.forecast) compareEvaluation(checks, settings, settings.truth, settings.forecast, expected);
  else return false;
  return true;
}

function compareVectors(checks: Checks, vectors: NonNullable<CaseSettings['vectors']>, expected: Record<string, unknown>[]): void {
  checks.same('vectors', vectors.length, expected.length);
  for (const [i, wanted] of expected.entries()) {
    const pair = vectors[i];
    if (!pair) continue;
    const actual = metrics(Float64Array.from(pair.truth), Float64Array.from(pair.forecast));
    for (const name of METRIC_NAMES) {
      if (name in wanted) checks.close(`results[${i}].${name}`, actual[name], wanted[name] as number | null, TOLERANCE.givenMetric);
    }
  }
}

const DEFAULT_SPLIT = { trainPercentage: 70, valPercentage: 20 };

function compareSplitSizes(checks: Checks, { n_dat = [], training_split }: CaseSettings, { columns, rows = [] }: Expected): void {
  const percentages = { ...DEFAULT_SPLIT, ...(training_split as Partial<typeof DEFAULT_SPLIT> | undefined) };
  if (columns) checks.sameList('columns', ['n_dat', 'train', 'val', 'test'], columns);
  checks.same('numbers of windows', n_dat.length, rows.length);
  for (const [i, row] of rows.entries()) {
    const { nTrain, nVal, nTest } = splitSizes(n_dat[i] ?? NaN, percentages);
    checks.sameList(`rows[${i}]`, [n_dat[i], nTrain, nVal, nTest], row);
  }
}

function compareEvaluation(checks: Checks, settings: CaseSettings, truth: NestedArray, forecast: NestedArray, expected: Expected): void {
  const [windows = 0, steps = 0] = truth.shape;
  const outputs = (settings.outputs ?? []).map((one) => ({ label: one.bezeichnung, stepMin: one.zeitschrittweiteTransferiertenDaten }));
  const arrays = {
    truth: Float64Array.from(flatten(truth.values)),
    forecast: Float64Array.from(flatten(forecast.values)),
    windows,
    steps,
    outputs,
  };
  checks.same('size of truth', arrays.truth.length, windows * steps * outputs.length);
  checks.same('size of forecast', arrays.forecast.length, arrays.truth.length);
  const { dfEval, dfEvalTs } = evaluationTables(arrays);
  if (expected.df_eval) compareTable(checks, dfEval, expected.df_eval, TOLERANCE.givenMetric);
  if (expected.df_eval_ts) compareStepTables(checks, dfEvalTs, expected.df_eval_ts, TOLERANCE.givenMetric);
  const pooled = expected.pooled_metrics;
  const summary = summaryMetrics(arrays, 'test_original').metrics;
  if (pooled && summary) comparePooled(checks, 'pooled_metrics', arrays, summary, pooled, TOLERANCE.givenMetric);
}
