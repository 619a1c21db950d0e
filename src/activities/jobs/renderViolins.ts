import path from 'node:path';
import type { JobFile } from '../../workflows/messages';
import { attempt } from '../attempt';
import type { ActivityServices } from '../services';
import type { Run, StoredDataset } from '../types';
import { saveDatasetRow } from './ensureDataset';
import { fetchDataset } from './fetchFiles';

type Services = Pick<ActivityServices, 'config' | 'store' | 'emit' | 'log' | 'pacer' | 'compute' | 'folders'>;

export const createRenderViolins = (services: Services) =>
  /**
   * Draws the distribution of every column and stores the pictures with the dataset's row, so that both belong together.
   * Repeating it is harmless: the session's plots are replaced as a whole.
   */
  async function renderViolins({
    run: planned,
    dataset,
    files,
  }: {
    run: Run;
    dataset: StoredDataset;
    files: JobFile[];
  }): Promise<{ plots: number }> {
    const { config, store, compute, folders } = services;
    return attempt(services, planned, ({ run, progress, signal }) =>
      folders.within('violins', async (folder) => {
        await progress.step('generatingInput');
        const datasetDir = await fetchDataset(store.objects, config.BUCKET_RESULTS, dataset, path.join(folder, 'dataset'));
        const columnHeaders = files.map(({ columnHeader }) => columnHeader);
        const plots = await compute.run('drawViolins', { datasetDir, columnHeaders }, signal);
        // all pictures come from one pass over the dataset; the steps name them in their order
        await progress.step('inputComplete');
        if (plots.some(({ side }) => side === 'time')) {
          await progress.step('generatingTime');
          await progress.step('timeComplete');
        }
        await progress.step('generatingOutput');
        await progress.step('outputComplete');

        await progress.step('savingToDatabase');
        await saveDatasetRow(services, run, dataset);
        await store.service.replaceViolins(run.sessionId, dataset.contentHash, plots);
        return { plots: plots.length };
      }),
    );
  };
