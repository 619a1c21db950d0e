import { allRows, type Database } from './clients';
import type { UserStore } from './interfaces';
import { withNumbers } from './rows';
import type { SavedModelRow } from './types';

export const userModels = (database: Database): Pick<UserStore, 'models'> => ({
  async models(sessionId) {
    const rows = await allRows<SavedModelRow>((from, to) =>
      database
        .from('saved_models')
        .select('*')
        .eq('session_id', sessionId)
        .order('created_at', { ascending: false })
        .order('filename')
        .range(from, to),
    );
    return rows.map((row) => withNumbers(row, ['size_bytes']));
  },
});
