import type { MetricName, Metrics } from '../metrics';

/** Truth and forecast of one part of the data set; row-major (window, step, output), both in the same unit. */
export interface ForecastArrays {
  truth: Float64Array;
  forecast: Float64Array;
  windows: number;
  steps: number;
  outputs: readonly EvaluatedOutput[];
}

export interface EvaluatedOutput {
  label: string;
  /** minutes between two steps of this output; null when it has none (Aktueller Wert) */
  stepMin: number | null;
}

/** One output of the table over averaging levels: lists with one entry per level. */
export type LevelTable = { 'delta [min]': (number | null)[] } & Record<MetricName, (number | null)[]>;

/** The eight metrics per time step of one averaging level. */
export type StepTable = Record<MetricName, (number | null)[]>;

/** `df_eval`: output label → table over averaging levels (pipeline.md 14.5). */
export type EvaluationTable = Record<string, LevelTable>;

/** `df_eval_ts`: output label → level key (delta in minutes as text, or "level m") → metrics per step. */
export type StepEvaluationTable = Record<string, Record<string, StepTable>>;

export type StepListName = `${MetricName}_TS`;

/** The eight metrics over all steps and, as `…_TS`, per step. */
export type MetricsWithSteps = Metrics & Record<StepListName, (number | null)[]>;

/** One family of summary metrics (pipeline.md 14.6): means over the outputs, and each output alone. */
export type SummaryMetrics = MetricsWithSteps & { per_output: Record<string, MetricsWithSteps> };
