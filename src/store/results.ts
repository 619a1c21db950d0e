import { allRows, answer, firstRow, type Database } from './clients';
import type { UserStore } from './interfaces';
import type { JsonObject, ResultRow } from './types';

export const userResults = (
  database: Database,
): Pick<UserStore, 'results' | 'resultsOverview' | 'evaluationTables' | 'saveEvaluationTables'> => ({
  results(sessionId, { status, id, limit = 100 } = {}) {
    let query = database.from('training_results').select('*').eq('session_id', sessionId);
    if (status) query = query.eq('status', status);
    if (id) query = query.eq('id', id);
    return answer<ResultRow[]>(query.order('created_at', { ascending: false }).order('id').limit(limit));
  },

  async resultsOverview(sessionId) {
    const of = (table: string, columns: string) => database.from(table).select(columns).eq('session_id', sessionId);
    const [runs, models, violins] = await Promise.all([
      answer<unknown[]>(of('training_results', 'id').eq('status', 'completed').limit(1)),
      allRows<unknown>((from, to) => of('saved_models', 'id').order('id').range(from, to)),
      answer<{ side: (typeof SIDES)[number] | null }[]>(of('training_visualizations', 'side').eq('plot_type', 'violin_plot')),
    ]);
    const violinSides = SIDES.filter((side) => violins.some((violin) => violin.side === side));
    return { hasCompletedRun: runs.length > 0, modelCount: models.length, violinSides };
  },

  evaluationTables: (sessionId) =>
    firstRow<{ df_eval: JsonObject; df_eval_ts: JsonObject; model_type: string; updated_at: string }>(
      database.from('evaluation_tables').select('df_eval, df_eval_ts, model_type, updated_at').eq('session_id', sessionId),
    ),

  async saveEvaluationTables(sessionId, tables) {
    const [row] = await answer<{ updated_at: string }[]>(
      database
        .from('evaluation_tables')
        .upsert({ ...tables, session_id: sessionId }, { onConflict: 'session_id' })
        .select('updated_at'),
    );
    if (!row) throw new Error('an upserted row is returned');
    return row;
  },
});

const SIDES = ['input', 'time', 'output'] as const;
