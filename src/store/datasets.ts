import { call, firstRow, type Database } from './clients';
import type { ServiceStore } from './interfaces';
import { withNumbers } from './rows';
import type { DatasetRow } from './types';

/** A session has one current dataset; the newest row counts. */
export const datasets = (database: Database): Pick<ServiceStore, 'dataset'> => ({
  async dataset(sessionId) {
    const query = database.from('datasets').select('*').eq('session_id', sessionId).order('created_at', { ascending: false }).limit(1);
    const row = await firstRow<DatasetRow>(query);
    return row && withNumbers(row, ['size_bytes']);
  },
});

export const serviceDatasets = (database: Database): Pick<ServiceStore, 'dataset' | 'saveDataset' | 'saveWindowSteps'> => ({
  ...datasets(database),
  async saveDataset(row) {
    await call(database, 'save_dataset', { p_row: row });
  },
  async saveWindowSteps(sessionId, steps) {
    await call(database, 'save_window_steps', { p_session: sessionId, p_steps: steps });
  },
});
