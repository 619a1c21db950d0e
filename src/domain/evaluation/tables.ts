import type { Warning } from '../findings';
import { METRIC_NAMES } from '../metrics';
import type { Metrics } from '../metrics';
import { averagingLevels, levelColumns, stepColumns } from './blocks';
import { columnMetrics } from './columnMetrics';
import type { EvaluatedOutput, EvaluationTable, ForecastArrays, LevelTable, StepEvaluationTable, StepTable } from './types';
import { zeroTruthWarning } from './zeroTruth';

export interface EvaluationTables {
  dfEval: EvaluationTable;
  dfEvalTs: StepEvaluationTable;
  /** MAPE_ZERO_TRUTH per output and level */
  warnings: Warning[];
}

/**
 * The evaluation tables over averaging levels (pipeline.md 14.2 to 14.5).
 *
 * @param arrays test truth and forecast in original units
 */
export function evaluationTables(arrays: ForecastArrays): EvaluationTables {
  const dfEval: [string, LevelTable][] = [];
  const dfEvalTs: [string, Record<string, StepTable>][] = [];
  const warnings: Warning[] = [];

  for (const [index, output] of arrays.outputs.entries()) {
    const overall: Metrics[] = [];
    const perStep: [string, StepTable][] = [];
    const levels = averagingLevels(arrays.steps);
    const steps = stepColumns(arrays, index);
    for (const level of levels) {
      const columns = levelColumns(steps, level);
      const result = columnMetrics(columns);
      overall.push(result.overall);
      perStep.push([levelKey(output, level), stepTable(result.perStep)]);
      const warning = zeroTruthWarning({ output: output.label, level, family: 'test_original' }, columns.truth);
      if (warning) warnings.push(warning);
    }
    dfEval.push([output.label, levelTable(output, levels, overall)]);
    dfEvalTs.push([output.label, Object.fromEntries(perStep)]);
  }
  return { dfEval: Object.fromEntries(dfEval), dfEvalTs: Object.fromEntries(dfEvalTs), warnings };
}

/** Lists per metric from metrics per step. */
export function stepTable(perStep: readonly Metrics[]): StepTable {
  return Object.fromEntries(METRIC_NAMES.map((name) => [name, perStep.map((step) => step[name])])) as StepTable;
}

function levelTable(output: EvaluatedOutput, levels: readonly number[], overall: readonly Metrics[]): LevelTable {
  return { 'delta [min]': levels.map((level) => delta(output, level)), ...stepTable(overall) };
}

function delta({ stepMin }: EvaluatedOutput, level: number): number | null {
  return stepMin === null ? null : stepMin * level;
}

/** `15` → "15.0": whole minutes carry one decimal, as the earlier system wrote them. */
function levelKey(output: EvaluatedOutput, level: number): string {
  const minutes = delta(output, level);
  if (minutes === null) return `level ${level}`;
  return Number.isInteger(minutes) ? minutes.toFixed(1) : String(minutes);
}
