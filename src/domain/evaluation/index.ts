export { outputVector } from './blocks';
export { evaluateForecasts } from './evaluate';
export type { Evaluation, EvaluationParts } from './evaluate';
export { evaluatedOutputs, evaluationStepMin } from './outputs';
export { summaryMetrics } from './summary';
export type { Summary } from './summary';
export { evaluationTables } from './tables';
export type { EvaluationTables } from './tables';
export type {
  EvaluatedOutput,
  EvaluationTable,
  ForecastArrays,
  LevelTable,
  MetricsWithSteps,
  StepEvaluationTable,
  StepTable,
  SummaryMetrics,
} from './types';
