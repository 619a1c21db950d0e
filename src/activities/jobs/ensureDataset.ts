import path from 'node:path';
import { datasetLimits } from '../../config';
import type { DatasetSettings } from '../../domain/settings/types';
import type { DatasetRow } from '../../store';
import type { JobFile } from '../../workflows/messages';
import type { Attempt } from '../attempt';
import { attempt } from '../attempt';
import { COLUMNS, datasetFolder, MANIFEST } from '../objectNames';
import type { ActivityServices } from '../services';
import { storeFile } from '../transfer';
import type { Run, StoredDataset } from '../types';
import { fetchFiles, parseFiles } from './fetchFiles';
import { windowSteps } from './windowSteps';

type Services = Pick<ActivityServices, 'config' | 'store' | 'emit' | 'log' | 'pacer' | 'compute' | 'folders'>;

interface DatasetInput {
  run: Run;
  contentHash: string;
  settings: DatasetSettings;
  files: JobFile[];
}

/** What a training says until a slot is free. */
const WAITING = { fraction: 0, message: 'Waiting for a training worker' };

export const createEnsureDataset = (services: Services) =>
  /**
   * Takes the session's dataset from the cache or builds it from the files as they were when the job started.
   * Repeating it is harmless: objects are named by the content's hash.
   * @throws (not retried) INVALID_DATA: a file cannot be read; NOT_FEASIBLE: no complete window, or too large
   */
  async function ensureDataset(input: DatasetInput): Promise<StoredDataset> {
    return attempt(services, input.run, async (one) => {
      const { progress, run } = one;
      await progress.step('starting');
      await services.store.service.saveWindowSteps(run.sessionId, windowSteps(input.settings, input.files));
      const known = await services.store.service.dataset(run.sessionId);
      if (known?.content_hash === input.contentHash) {
        await progress.step('datasetsComplete');
        if (run.job === 'training') progress.report(WAITING);
        return cached(known);
      }
      const built = await services.folders.within('dataset', (folder) => buildIn(services, one, input, folder));
      // a dataset job that fails later keeps the session's former dataset, so its row is written with the plots
      if (run.job === 'training') {
        await saveDatasetRow(services, run, built);
        progress.report(WAITING);
      }
      return built;
    });
  };

async function buildIn(
  services: Services,
  { run, progress, signal }: Attempt,
  input: DatasetInput,
  folder: string,
): Promise<StoredDataset> {
  const { config, store, compute } = services;
  const { settings, files, contentHash } = input;
  const positions = (role: 'input' | 'output'): number[] => settings.series.flatMap((one, index) => (one.role === role ? [index] : []));

  await progress.step('downloadingInput');
  const inputs = await fetchFiles(store.objects, files, positions('input'), folder, signal);
  await progress.step('downloadingOutput');
  const outputs = await fetchFiles(store.objects, files, positions('output'), folder, signal);
  await progress.step('downloadComplete');

  await progress.step('parsingFiles');
  const parsed = await parseFiles(compute, [...inputs, ...outputs], settings, signal);
  await progress.step('parsingComplete');

  await progress.step('ndatLoading');
  const series = parsed.flatMap(({ index, seriesFile }) => {
    const one = settings.series[index];
    return one ? [{ seriesFile, label: one.label, role: one.role }] : [];
  });
  await progress.step('ndatTransforming');
  await progress.step('ndatCreatingArrays');
  const outDir = path.join(folder, 'dataset');
  const summary = await compute.run('buildDataset', { series, settings, contentHash, limits: datasetLimits(config), outDir }, signal);
  await progress.step('ndatArraysComplete');

  const name = datasetFolder(run, contentHash);
  // the manifest goes last: where it is, the columns are
  await storeFile(store.objects, config.BUCKET_RESULTS, `${name}/${COLUMNS}`, path.join(outDir, COLUMNS), 'application/octet-stream');
  await storeFile(store.objects, config.BUCKET_RESULTS, `${name}/${MANIFEST}`, path.join(outDir, MANIFEST), 'application/json');
  await progress.step('datasetsComplete');
  return { contentHash, manifestPath: `${name}/${MANIFEST}`, ...summary, reused: false };
}

const cached = (row: DatasetRow): StoredDataset => ({
  contentHash: row.content_hash,
  manifestPath: row.object_path,
  nDat: row.n_dat,
  inputSteps: row.input_steps,
  outputSteps: row.output_steps,
  inputFeatures: row.input_features,
  outputFeatures: row.output_features,
  sizeBytes: Number(row.size_bytes),
  pipelineVersion: row.pipeline_version,
  reused: true,
});

/** Makes a built dataset the session's current one; the former one's objects are queued for removal. */
export async function saveDatasetRow({ store }: Pick<ActivityServices, 'store'>, run: Run, dataset: StoredDataset): Promise<void> {
  if (dataset.reused) return;
  await store.service.saveDataset({
    session_id: run.sessionId,
    content_hash: dataset.contentHash,
    run_id: run.runId,
    n_dat: dataset.nDat,
    input_steps: dataset.inputSteps,
    output_steps: dataset.outputSteps,
    input_features: dataset.inputFeatures,
    output_features: dataset.outputFeatures,
    object_path: dataset.manifestPath,
    size_bytes: dataset.sizeBytes,
    pipeline_version: dataset.pipelineVersion,
  });
}
