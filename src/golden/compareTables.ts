import type { EvaluationTable, StepEvaluationTable, SummaryMetrics } from '../domain/evaluation';
import { METRIC_NAMES } from '../domain/metrics';
import type { Checks } from './checks';
import { TOLERANCE } from './tolerances';
import type { Tolerance } from './tolerances';
import type { PooledFamily, Tables } from './types';

/** A truth below this makes the MAPE of two implementations incomparable. */
const ZERO_TRUTH = 1e-9;

/** `df_eval`: levels above the number of output steps may be absent or null on either side. */
export function compareTable(checks: Checks, actual: EvaluationTable, expected: Tables, tolerance: Tolerance): void {
  compareKeys(checks, 'df_eval', actual, expected);
  for (const [output, columns] of Object.entries(expected)) {
    for (const [column, values] of Object.entries(columns)) {
      const got = (actual[output] as Record<string, (number | null)[]> | undefined)?.[column];
      compareList(checks, `df_eval["${output}"]["${column}"]`, got, values, column === 'delta [min]' ? TOLERANCE.givenMetric : tolerance);
    }
  }
}

export function compareStepTables(
  checks: Checks,
  actual: StepEvaluationTable,
  expected: Record<string, Tables>,
  tolerance: Tolerance,
): void {
  compareKeys(checks, 'df_eval_ts', actual, expected);
  for (const [output, levels] of Object.entries(expected)) {
    for (const [level, columns] of Object.entries(levels)) {
      const table: Record<string, (number | null)[]> | undefined = actual[output]?.[level];
      for (const [metric, values] of Object.entries(columns)) {
        compareList(checks, `df_eval_ts["${output}"]["${level}"]["${metric}"]`, table?.[metric], values, tolerance);
      }
    }
  }
}

/**
 * The earlier backend's metrics of all outputs pooled; comparable only where there is one output.
 *
 * @param truth one array per step, to find truths of zero, for which that backend leaves values out of MAPE
 */
export function comparePooled(
  checks: Checks,
  name: string,
  actual: SummaryMetrics,
  expected: PooledFamily,
  truth: readonly Float64Array[],
  tolerance: Tolerance,
): void {
  const hasZero = truth.map((column) => column.some((value) => Math.abs(value) < ZERO_TRUTH));
  for (const metric of METRIC_NAMES) {
    const overall = expected[metric];
    if (isFigure(overall) && !(metric === 'MAPE' && hasZero.includes(true)))
      checks.close(`${name}.${metric}`, actual[metric], overall, tolerance);
    const perStep = expected[`${metric}_TS`];
    if (!Array.isArray(perStep)) continue;
    checks.same(`${name}.${metric}_TS length`, actual[`${metric}_TS`].length, perStep.length);
    for (const [step, value] of perStep.entries()) {
      if (metric === 'MAPE' && hasZero[step]) continue;
      checks.close(`${name}.${metric}_TS[${step}]`, actual[`${metric}_TS`][step], value, tolerance);
    }
  }
}

const isFigure = (value: PooledFamily[string] | undefined): value is number | null => value === null || typeof value === 'number';

function compareKeys(checks: Checks, name: string, actual: object, expected: object): void {
  checks.sameList(`${name} outputs`, Object.keys(actual), Object.keys(expected));
}

function compareList(
  checks: Checks,
  name: string,
  actual: readonly (number | null)[] | undefined,
  expected: readonly (number | null)[],
  tolerance: Tolerance,
): void {
  if (!actual) {
    // a level that this system omits is accepted where nothing is expected of it
    if (expected.some((value) => value !== null)) checks.fail(name, 'there is no such list');
    return;
  }
  for (let i = 0; i < Math.max(actual.length, expected.length); i += 1)
    checks.close(`${name}[${i}]`, actual[i], expected[i] ?? null, tolerance);
}
