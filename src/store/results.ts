import { answer, firstRow, type Database } from './clients';
import type { UserStore } from './interfaces';
import type { JsonObject, ResultRow } from './types';

export const userResults = (database: Database): Pick<UserStore, 'results' | 'evaluationTables'> => ({
  results(sessionId, { status, id, limit = 100 } = {}) {
    let query = database.from('training_results').select('*').eq('session_id', sessionId);
    if (status) query = query.eq('status', status);
    if (id) query = query.eq('id', id);
    return answer<ResultRow[]>(query.order('created_at', { ascending: false }).order('id').limit(limit));
  },

  evaluationTables: (sessionId) =>
    firstRow<{ df_eval: JsonObject; df_eval_ts: JsonObject; model_type: string; updated_at: string }>(
      database.from('evaluation_tables').select('df_eval, df_eval_ts, model_type, updated_at').eq('session_id', sessionId),
    ),
});
