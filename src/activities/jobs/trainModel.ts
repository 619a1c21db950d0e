import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { activityInfo, heartbeat } from '@temporalio/activity';
import type { DatasetManifest } from '../../domain/dataset';
import { manifestFor } from '../../domain/dataset';
import type { DatasetSettings, TrainingSettings } from '../../domain/settings/types';
import { runTraining, TrainingError, TrainingMoves } from '../../training';
import type { TrainingOutput, TrainingSpec } from '../../training';
import type { Attempt } from '../attempt';
import { attempt } from '../attempt';
import { workerStops } from '../heartbeats';
import { FORECAST, MANIFEST, modelObject, REPORT, runFolder, stamp } from '../objectNames';
import type { ActivityServices } from '../services';
import { storeFile, unlessAborted } from '../transfer';
import type { Run, StoredDataset, StoredModel, TrainedModel } from '../types';
import { CheckpointStore } from './checkpoints';
import { fetchDataset } from './fetchFiles';
import type { TrainingBeat } from './followChild';
import { followChild, noBeatYet } from './followChild';
import type { TrainingReport } from './trainingReport';

export type TrainServices = Pick<ActivityServices, 'config' | 'store' | 'emit' | 'log' | 'pacer' | 'folders' | 'stopping'>;

/** A process that dies so often at one place will do so again. */
const CRASHES_AT_ONE_PLACE = 4;

interface TrainInput {
  run: Run;
  dataset: StoredDataset;
  settings: DatasetSettings;
  training: TrainingSettings;
}

export const createTrainModel = (services: TrainServices) =>
  /**
   * Trains one model in a child process and stores it. A retry resumes from the run's newest checkpoint; objects are named by the run
   * and replaced. A cancel ends the child within 1.5 s. A worker that stops has the child leave a checkpoint of that very step, stores
   * it, and leaves the rest to another attempt on another worker.
   * @throws (not retried) NOT_FEASIBLE, TRAINING_DIVERGED, OUT_OF_MEMORY, BACKEND_MISSING; WORKER_LOST after four crashes without progress
   */
  async function trainModel(input: TrainInput): Promise<TrainedModel> {
    const beat = noBeatYet();
    const train = (one: Attempt): Promise<TrainedModel> =>
      services.folders.within('training', (folder) => trainIn(services, one, input, folder, beat));
    return attempt(services, input.run, train, () => ({ ...beat }));
  };

async function trainIn(
  services: TrainServices,
  one: Attempt,
  input: TrainInput,
  folder: string,
  beat: TrainingBeat,
): Promise<TrainedModel> {
  const { config, store, log, stopping } = services;
  const { run, progress, signal } = one;
  const bucket = config.BUCKET_RESULTS;
  if (stopping.aborted) throw workerStops();

  await progress.enter('loading', 'Loading the dataset');
  const checkpoints = new CheckpointStore(store.objects, bucket, run, log);
  const before = activityInfo().heartbeatDetails as Partial<TrainingBeat> | undefined;
  beat.crashes = before?.crashes ?? 0;
  const fetched = Promise.all([
    fetchDataset(store.objects, bucket, input.dataset, path.join(folder, 'dataset')),
    checkpoints.restore(before?.checkpointKey ?? null, path.join(folder, 'resume')),
  ]);
  const [datasetDir, resumeDir] = await unlessAborted(signal, fetched);
  beat.checkpointKey = checkpoints.newest;
  await scaleAs(datasetDir, input.settings);
  await progress.enter('dataset', 'Opening the dataset');

  const outDir = path.join(folder, 'out');
  await mkdir(outDir);
  const spec: TrainingSpec = {
    runId: run.runId,
    datasetDir,
    outDir,
    resumeDir,
    settings: input.training,
    stamp: stamp(run.startedAt),
    limits: {
      maxModelParameters: config.MAX_MODEL_PARAMETERS,
      svrMaxRows: config.SVR_MAX_ROWS,
      svrCacheBytes: config.SVR_CACHE_BYTES,
    },
    backend: config.TRAINING_BACKEND,
  };
  const child = followChild({ progress, checkpoints, beat, log, runId: run.runId });
  try {
    const output = await runTraining(spec, { signal, move: stopping, onMessage: child.onMessage, log });
    await child.settled();
    return await storeModel(services, run, output, signal);
  } catch (error) {
    if (error instanceof TrainingMoves) throw workerStops();
    if (!(error instanceof TrainingError) || error.code !== 'CRASHED') throw error;
    beat.crashes += 1;
    heartbeat({ ...beat });
    throw new TrainingError('CRASHED', error.message, error.context, beat.crashes < CRASHES_AT_ONE_PLACE);
  }
}

/** A cached dataset is scaled as this job wants it: scaling is no part of what is cached. */
async function scaleAs(datasetDir: string, settings: DatasetSettings): Promise<void> {
  const file = path.join(datasetDir, MANIFEST);
  const manifest = JSON.parse(await readFile(file, 'utf8')) as DatasetManifest;
  await writeFile(file, JSON.stringify(manifestFor(manifest, settings)));
}

async function storeModel({ config, store }: TrainServices, run: Run, output: TrainingOutput, signal: AbortSignal): Promise<TrainedModel> {
  const { forecastFile, models: files, ...report } = output;
  const models: StoredModel[] = [];
  for (const { path: file, ...model } of files) {
    const objectPath = modelObject(run, model.filename);
    const contentType = model.format === 'json' ? 'application/json' : 'application/octet-stream';
    await storeFile(store.objects, config.BUCKET_MODELS, objectPath, file, contentType, signal);
    models.push({ ...model, pathInResults: null, bucket: config.BUCKET_MODELS, objectPath });
  }
  const [forecastPath, reportPath] = [`${runFolder(run)}/${FORECAST}`, `${runFolder(run)}/${REPORT}`];
  await storeFile(store.objects, config.BUCKET_RESULTS, forecastPath, forecastFile, 'application/octet-stream', signal);
  const text = JSON.stringify(report satisfies TrainingReport);
  await store.objects.put(config.BUCKET_RESULTS, reportPath, Buffer.from(text), 'application/json', { upsert: true });
  return { models, forecastPath, reportPath };
}
