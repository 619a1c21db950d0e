import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ResultDocument } from '../../domain/artefacts';
import { datasetStatus, stepKey, trainingCompleted } from '../../realtime';
import type { FinishPayload, ResultRow } from '../../store';
import type { JobState } from '../../workflows/messages';
import type { Evaluation, Run, StoredDataset, StoredModel, TrainedModel } from '../types';
import type { FinishServices } from './finalize';
import { finalize } from './finalize';

const unzip = promisify(gunzip);
const LARGEST_INTEGER = 2 ** 31 - 1; // type of file_size_bytes
// Per-step lists of long horizons do not belong into an event; /results has them.
const LARGEST_EVENT_METRICS = 32_000;

export const createCompleteDataset = (services: FinishServices) =>
  /** Ends a dataset job: its window count becomes the session's n_dat. Idempotent. */
  async function completeDataset({ run, dataset }: { run: Run; dataset: StoredDataset }): Promise<JobState> {
    const { nDat } = dataset;
    return finalize(services, run, 'completed', (bound) => {
      const message = 'Datasets generated successfully';
      const event = datasetStatus(bound, 0, new Date(), { status: 'completed', percent: 100, step: stepKey('complete'), message, nDat });
      return Promise.resolve({ event, message, nDat });
    });
  };

export const createCompleteTraining = (services: FinishServices) =>
  /** Ends a training run: result row, models and retention in one transaction with the final row. Idempotent. */
  async function completeTraining(input: {
    run: Run;
    dataset: StoredDataset;
    model: TrainedModel;
    evaluation: Evaluation;
  }): Promise<JobState> {
    const { config, store } = services;
    return finalize(services, input.run, 'completed', async (run): Promise<FinishPayload> => {
      const packed = await store.objects.getBuffer(config.BUCKET_RESULTS, input.evaluation.documentPath);
      const document = JSON.parse((await unzip(packed)).toString('utf8')) as ResultDocument;
      const { evaluation_metrics: metrics } = document;
      const event = trainingCompleted(run, 0, new Date(), {
        modelType: document.model_type,
        resultId: '', // set by finish_job, as completed_at is
        nDat: document.dataset_count,
        testMetricsScaled: small(metrics.test_metrics_scaled),
        valMetricsScaled: small(metrics.val_metrics_scaled),
        completedAt: new Date().toISOString(),
      });
      return {
        event,
        message: 'Training completed successfully',
        result: resultRow(document, input.evaluation, input.model.models),
        models: input.model.models.map((model) => modelRow(run, document, model)),
        resultsToKeep: config.RESULTS_TO_KEEP,
      };
    });
  };

function resultRow(document: ResultDocument, evaluation: Evaluation, models: readonly StoredModel[]): Partial<ResultRow> {
  const { df_eval, df_eval_ts, ...metrics } = document.evaluation_metrics;
  const { metadata } = document;
  const size = models.reduce((sum, model) => sum + model.sizeBytes, evaluation.sizeBytes);
  return {
    results_file_path: evaluation.documentPath,
    arrays_file_path: evaluation.arraysPath,
    file_size_bytes: Math.min(size, LARGEST_INTEGER),
    compressed: true,
    results_metadata: {
      accuracy: null, // regression
      loss: finalLoss(document.training),
      epochs_completed: metadata.epochs_run,
      model_type: document.model_type,
      dataset_count: document.dataset_count,
      training_split: document.training_split,
      n_train: metadata.n_train,
      n_val: metadata.n_val,
      n_test: metadata.n_test,
      seed: metadata.seed,
      scaler_fit: metadata.scaler_fit,
    },
    model_type: document.model_type,
    model_internal: document.model_internal,
    parameters: document.parameters,
    evaluation_metrics: metrics,
    df_eval,
    df_eval_ts,
    scalers: { ...document.scalers },
    input_features: document.input_features,
    output_features: document.output_features,
    n_timesteps: document.n_timesteps,
    n_dat: document.dataset_count,
    metrics_version: metadata.metrics_version,
  };
}

/** Loss of the epoch whose weights were kept. */
function finalLoss(training: Record<string, unknown>): number | null {
  const { history, best_epoch: best } = training;
  const losses = typeof history === 'object' && history !== null && 'loss' in history ? history.loss : null;
  const loss: unknown = Array.isArray(losses) ? losses[typeof best === 'number' ? best - 1 : losses.length - 1] : null;
  return typeof loss === 'number' ? loss : null;
}

const modelRow = (run: Run, document: ResultDocument, model: StoredModel) => ({
  run_id: run.runId,
  filename: model.filename,
  model_type: document.model_type,
  model_class: model.modelClass,
  dataset_name: model.datasetName,
  format: model.format,
  path_in_results: model.pathInResults,
  bucket: model.bucket,
  object_path: model.objectPath,
  size_bytes: model.sizeBytes,
  sha256: model.sha256,
});

/** Metrics for an event: without the per-step lists and single outputs when they would make it large. */
function small(metrics: object | null): unknown {
  if (metrics === null || JSON.stringify(metrics).length <= LARGEST_EVENT_METRICS) return metrics;
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.endsWith('_TS') && name !== 'per_output'));
}
