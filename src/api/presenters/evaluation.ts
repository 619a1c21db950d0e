import type { ResultRow, UserStore } from '../../store';
import { METRIC_NAMES } from '../../domain/metrics';
import { isObject } from '../http/body';
import type { OwnSession } from '../types';
import { isoTime } from './time';

type Saved = NonNullable<Awaited<ReturnType<UserStore['evaluationTables']>>>;

/** Answer of GET /evaluation-tables (http-api route 32): the computed tables of the newest completed run beside what the user saved. */
export const evaluationBody = (session: OwnSession, run: ResultRow | null, saved: Saved | null): Record<string, unknown> => ({
  success: true,
  session_id: session.ref,
  run_id: run?.run_id ?? null,
  df_eval: eachValue(run?.df_eval ?? {}, inOrder),
  df_eval_ts: eachValue(run?.df_eval_ts ?? {}, (levels) => eachValue(byLevel(levels), inOrder)),
  model_type: run?.model_type ?? saved?.model_type ?? null,
  saved: saved && {
    df_eval: saved.df_eval,
    df_eval_ts: saved.df_eval_ts,
    model_type: saved.model_type,
    saved_at: isoTime(saved.updated_at),
  },
});

/** Answer of POST /save-evaluation-tables (http-api route 33). */
export const evaluationSaved = (session: OwnSession, { updated_at }: Pick<Saved, 'updated_at'>): Record<string, unknown> => ({
  success: true,
  session_id: session.ref,
  message: 'Evaluation tables saved successfully',
  saved_at: isoTime(updated_at),
});

type Table = Record<string, unknown>;

// jsonb keeps no order; tables are shown in the one of pipeline 14.5
const COLUMNS = ['delta [min]', ...METRIC_NAMES];

const eachValue = (table: Table, change: (value: Table) => Table): Table =>
  Object.fromEntries(Object.entries(table).map(([key, value]) => [key, isObject(value) ? change(value) : value]));

const inOrder = (table: Table): Table => Object.fromEntries(COLUMNS.flatMap((name) => (name in table ? [[name, table[name]]] : [])));

/** "15.0", "30.0" …, or "level 1", "level 2" … */
const byLevel = (levels: Table): Table =>
  Object.fromEntries(Object.entries(levels).sort(([one], [other]) => levelOf(one) - levelOf(other)));
const levelOf = (key: string): number => Number(key.replace(/^level /, ''));
