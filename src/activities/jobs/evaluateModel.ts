import path from 'node:path';
import type { DatasetSettings, TrainingSettings } from '../../domain/settings/types';
import type { JobFile } from '../../workflows/messages';
import type { Attempt } from '../attempt';
import { attempt } from '../attempt';
import { resultDocument, testArrays } from '../objectNames';
import type { ActivityServices } from '../services';
import { storeFile } from '../transfer';
import type { Evaluation, Run, StoredDataset, TrainedModel } from '../types';
import { fetchDataset, fetchFiles, parseFiles } from './fetchFiles';

type Services = Pick<ActivityServices, 'config' | 'store' | 'emit' | 'log' | 'pacer' | 'compute' | 'folders'>;

interface EvaluateInput {
  run: Run;
  dataset: StoredDataset;
  files: JobFile[];
  settings: DatasetSettings;
  training: TrainingSettings;
  model: TrainedModel;
}

export const createEvaluateModel = (services: Services) =>
  /**
   * Compares the stored forecasts with the truth and with naive forecasts, and stores the result document and the test arrays.
   * Repeating it is harmless: objects are named by the run and replaced; their rows are written by the finalizer.
   */
  async function evaluateModel(input: EvaluateInput): Promise<Evaluation> {
    return attempt(services, input.run, (one) =>
      services.folders.within('evaluation', (folder) => evaluateIn(services, one, input, folder)),
    );
  };

async function evaluateIn(
  services: Services,
  { run, progress, signal }: Attempt,
  input: EvaluateInput,
  folder: string,
): Promise<Evaluation> {
  const { config, store, compute } = services;
  const { settings, training, files, dataset, model } = input;
  const bucket = config.BUCKET_RESULTS;

  await progress.enter('evaluation', 'Evaluating the forecasts');
  progress.report({ fraction: 0.4 });
  const [reportFile, forecastFile] = [path.join(folder, 'report.json'), path.join(folder, 'forecast.bin')];
  const [datasetDir, local] = await Promise.all([
    fetchDataset(store.objects, bucket, dataset, path.join(folder, 'dataset')),
    fetchFiles(store.objects, files, [...files.keys()], folder, signal),
    store.objects.getFile(bucket, model.reportPath, reportFile),
    store.objects.getFile(bucket, model.forecastPath, forecastFile),
  ]);
  const parsed = await parseFiles(compute, local, settings, signal);
  progress.report({ fraction: 0.6 });

  const outputs = parsed.flatMap(({ index, seriesFile }) => {
    const one = settings.series[index];
    return one?.role === 'output' ? [{ seriesFile, label: one.label, role: one.role }] : [];
  });
  const [documentPath, arraysPath] = [resultDocument(run), testArrays(run)];
  const [documentFile, arraysFile] = [path.join(folder, 'result.json.gz'), path.join(folder, 'test_data.npz')];
  const { sizeBytes } = await compute.run(
    'evaluateForecast',
    {
      datasetDir,
      contentHash: dataset.contentHash,
      settings,
      training,
      reportFile,
      forecastFile,
      outputs,
      statistics: parsed.map(({ statistics }) => statistics),
      models: model.models,
      documentFile,
      arraysFile,
      arraysName: path.posix.basename(arraysPath),
    },
    signal,
  );

  await progress.enter('persisting', 'Storing the results');
  await storeFile(store.objects, bucket, arraysPath, arraysFile, 'application/octet-stream', signal);
  await storeFile(store.objects, bucket, documentPath, documentFile, 'application/gzip', signal);
  progress.report({ fraction: 0.9 });
  return { documentPath, arraysPath, sizeBytes };
}
