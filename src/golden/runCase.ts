import type { BackendChoice } from '../training';
import { Checks } from './checks';
import type { WorstCheck } from './checks';
import { compareDataset } from './compareDataset';
import { compareModel } from './compareModel';
import { prepareData } from './dataset';
import { runGivenCase } from './givenCases';
import { loadCase } from './loadCase';
import type { Expected, GoldenCase } from './types';

export interface CaseReport {
  case: string;
  ok: boolean;
  /** comparisons made */
  checks: number;
  worst: WorstCheck | null;
  /** why it failed: the first of the comparisons, or what could not be done at all */
  reason?: string;
}

/** Keys of expected.json that are compared; every other one must be a remark. */
const COMPARED = new Set<keyof Expected>([
  'series', 'reference_times', 'n_dat', 'input_array', 'output_array', 'combined_shapes', 'scalers', 'split', 'scaled',
  'model', 'df_eval', 'df_eval_ts', 'pooled_metrics', 'results', 'columns', 'rows',
]); // prettier-ignore
const REMARKS = new Set(['case', 'obtained', 'decision', 'notes']);

/** Reads and runs one case; whatever goes wrong is a failure of the case. */
export async function runCaseIn(dir: string, backend: BackendChoice = 'auto'): Promise<CaseReport> {
  let golden: GoldenCase;
  try {
    golden = loadCase(dir);
  } catch (error) {
    return { case: dir, ok: false, checks: 0, worst: null, reason: messageOf(error) };
  }
  return runCase(golden, backend);
}

/** @param backend what trains the networks */
export async function runCase(golden: GoldenCase, backend: BackendChoice = 'auto'): Promise<CaseReport> {
  const checks = new Checks();
  refuseUnknownKeys(checks, golden.expected);
  try {
    if (!runGivenCase(checks, golden)) await runDataCase(checks, golden, backend);
  } catch (error) {
    checks.fail('run', messageOf(error));
  }
  const { ok, count, worst, failures } = checks;
  const [first] = failures;
  const reason = first ?? (count === 0 ? 'nothing in expected.json could be compared' : undefined);
  return {
    case: golden.name,
    ok,
    checks: count,
    worst,
    ...(ok || reason === undefined ? {} : { reason: shorten(reason, failures.length) }),
  };
}

async function runDataCase(checks: Checks, golden: GoldenCase, backend: BackendChoice): Promise<void> {
  const data = prepareData(golden);
  compareDataset(checks, data, golden.expected);
  if (golden.expected.model) await compareModel(checks, data, golden.expected.model, backend);
}

/** An expected number that nobody looks at would pass whatever it is. */
function refuseUnknownKeys(checks: Checks, expected: Expected): void {
  for (const key of Object.keys(expected)) {
    if (!COMPARED.has(key as keyof Expected) && !REMARKS.has(key)) checks.fail(key, 'this part of expected.json is not known');
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function shorten(reason: string, failures: number): string {
  const more = failures > 1 ? ` (and ${failures - 1} more)` : '';
  return `${reason.slice(0, 300)}${more}`;
}
