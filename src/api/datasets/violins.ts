import type { Config } from '../../config';
import type { PlotFormat } from '../../plots';
import type { DatasetRow, FileRow, Store } from '../../store';
import { createDrawingThread } from '../drawing';
import type { ViolinTask } from '../drawing';
import type { Violin } from '../presenters/types';
import { loadDatasetObjects } from './open';

/** Renders the violins of a stored dataset again, without a job and without a charge (http-api route 21). */
export interface ViolinRenderer {
  /** @param files in the order of the dataset's series; their column headers label the axes */
  render(dataset: DatasetRow, files: readonly FileRow[], format: PlotFormat): Promise<Violin[]>;
}

export function createViolinRenderer(reading: { store: Pick<Store, 'objects'>; config: Pick<Config, 'BUCKET_RESULTS'> }): ViolinRenderer {
  const draw = createDrawingThread<ViolinTask, Violin[]>('violinWorker.js');
  return {
    async render(dataset, files, format) {
      const objects = await loadDatasetObjects(reading, dataset.object_path);
      return draw({ ...objects, columnHeaders: files.map(({ column_header: header }) => header), format });
    },
  };
}
