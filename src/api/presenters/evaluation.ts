import type { ResultRow, UserStore } from '../../store';
import type { OwnSession } from '../types';
import { isoTime } from './time';

type Saved = NonNullable<Awaited<ReturnType<UserStore['evaluationTables']>>>;

/** Answer of GET /evaluation-tables (http-api route 32): the computed tables of the newest completed run beside what the user saved. */
export const evaluationBody = (session: OwnSession, run: ResultRow | null, saved: Saved | null): Record<string, unknown> => ({
  success: true,
  session_id: session.ref,
  run_id: run?.run_id ?? null,
  df_eval: run?.df_eval ?? {},
  df_eval_ts: run?.df_eval_ts ?? {},
  model_type: run?.model_type ?? saved?.model_type ?? null,
  saved: saved && {
    df_eval: saved.df_eval,
    df_eval_ts: saved.df_eval_ts,
    model_type: saved.model_type,
    saved_at: isoTime(saved.updated_at),
  },
});
