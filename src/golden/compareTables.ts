import type { EvaluationTable, StepEvaluationTable } from '../domain/evaluation';
import type { Checks } from './checks';
import { TOLERANCE } from './tolerances';
import type { Tolerance } from './tolerances';
import type { Tables } from './types';

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
