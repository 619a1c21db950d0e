import type { ResultRow, ResultsOverview, SessionRow } from '../../store';
import type { LinkedDocument } from '../results';
import type { OwnSession } from '../types';
import { isoTime, isoTimeOrNull } from './time';

export interface ShownRun {
  row: ResultRow;
  /** null for a failed run */
  document: LinkedDocument | null;
}

/** Answer of GET /results (http-api route 26). `results` is the last key, and so is the document in each run: arrays can be streamed behind it. */
export const resultsBody = (session: OwnSession, runs: readonly ShownRun[]): Record<string, unknown> => ({
  success: true,
  ...(runs.length === 0 ? { message: 'No training results yet. Train a model first' } : {}),
  count: runs.length,
  results: runs.map(({ row, document }) => ({
    id: row.id,
    run_id: row.run_id,
    session_id: session.ref,
    status: row.status,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
    completed_at: isoTimeOrNull(row.completed_at),
    results_file_path: row.results_file_path,
    file_size_bytes: row.file_size_bytes,
    compressed: row.compressed,
    results_metadata: { ...row.results_metadata, accuracy: null }, // regression
    n_dat: row.n_dat,
    error: row.error_message,
    error_code: row.error_code,
    details: row.error_details,
    results: document ? lightForm(document) : {},
  })),
});

/** Digits of a metric on the wire: forecasts are float32, which has seven. */
const DIGITS = 12;

/**
 * Without the tables of evaluation-tables, and metrics with twelve digits: a year of quarter hours stays below 200 kB, though the metrics
 * stand in it under both of their names.
 */
function lightForm(document: LinkedDocument): object {
  const { df_eval: _table, df_eval_ts: _stepTables, ...exact } = document.evaluation_metrics;
  const metrics = rounded(exact);
  return { ...document, evaluation_metrics: metrics, metrics };
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(DIGITS));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rounded(each)]));
}

/** Answer of GET /results-summary (http-api D). */
export const resultsSummary = (
  session: OwnSession,
  row: SessionRow,
  { hasCompletedRun, modelCount, violinSides }: ResultsOverview,
): Record<string, unknown> => ({
  success: true,
  session_id: session.ref,
  n_dat: row.n_dat,
  n_dat_source: row.n_dat_source,
  workflow_phase: row.workflow_phase,
  has_training_results: hasCompletedRun,
  has_trained_model: modelCount > 0,
  model_count: modelCount,
  has_violin_plots: violinSides.length > 0,
  violin_plot_types: violinSides,
});
