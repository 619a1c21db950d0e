import { allRows, call, type Database } from './clients';
import type { ServiceStore, UserStore } from './interfaces';
import type { VisualizationRow } from './types';

const COLUMNS = 'plot_name, image_data, plot_type, label, side, plot_metadata, dataset_hash, created_at';

export const userVisualizations = (database: Database): Pick<UserStore, 'visualizations'> => ({
  visualizations: (sessionId) =>
    allRows<VisualizationRow>((from, to) =>
      database
        .from('training_visualizations')
        .select(COLUMNS)
        .eq('session_id', sessionId)
        .order('position')
        .order('plot_name')
        .range(from, to),
    ),
});

export const serviceVisualizations = (database: Database): Pick<ServiceStore, 'replaceViolins'> => ({
  async replaceViolins(sessionId, datasetHash, plots) {
    await call(database, 'replace_violins', { p_session: sessionId, p_dataset_hash: datasetHash, p_plots: plots });
  },
});
