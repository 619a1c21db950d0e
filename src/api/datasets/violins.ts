import { existsSync } from 'node:fs';
import path from 'node:path';
import { Piscina } from 'piscina';
import type { Config } from '../../config';
import type { PlotFormat } from '../../plots';
import type { DatasetRow, FileRow, Store } from '../../store';
import type { Violin } from '../presenters/types';
import { loadDatasetObjects } from './open';
import type { ViolinTask } from './violinWorker';

// One thread: pictures are asked for again rarely, and the cores belong to the workers.
const THREADS = 1;
const IDLE_MS = 30_000;
// A picture of the largest dataset takes seconds; a request never waits longer for the ones before it.
const TIMEOUT_MS = 60_000;

/** Renders the violins of a stored dataset again, without a job and without a charge (http-api route 21). */
export interface ViolinRenderer {
  /** @param files in the order of the dataset's series; their column headers label the axes */
  render(dataset: DatasetRow, files: readonly FileRow[], format: PlotFormat): Promise<Violin[]>;
}

export function createViolinRenderer(reading: { store: Pick<Store, 'objects'>; config: Pick<Config, 'BUCKET_RESULTS'> }): ViolinRenderer {
  const pool = new Piscina({ filename: workerFile(), minThreads: 0, maxThreads: THREADS, idleTimeout: IDLE_MS });
  return {
    async render(dataset, files, format) {
      const objects = await loadDatasetObjects(reading, dataset.object_path);
      const task: ViolinTask = { ...objects, columnHeaders: files.map(({ column_header: header }) => header), format };
      return (await pool.run(task, { signal: AbortSignal.timeout(TIMEOUT_MS) })) as Violin[];
    },
  };
}

/** The compiled worker: beside this file in a build, in `dist` when this file runs as TypeScript (tests). */
function workerFile(): string {
  const beside = path.join(__dirname, 'violinWorker.js');
  return existsSync(beside) ? beside : path.resolve(__dirname, '../../../dist/api/datasets/violinWorker.js');
}
