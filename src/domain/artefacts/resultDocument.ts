import type { Baselines } from '../baselines';
import type { WindowDataset } from '../dataset/types';
import { evaluatedOutputs } from '../evaluation';
import type { Evaluation } from '../evaluation';
import type { Warning } from '../findings';
import type { ScalerDocument } from '../scaling';
import { formatUtc } from '../series';
import type { TimeFeatureSettings, TrainingSettings } from '../settings/types';
import { METRICS_VERSION } from './resultTypes';
import type { ArtifactEntry, ResultDocument, ResultMetadata, TrainedModelEntry } from './resultTypes';
import { scalerView } from './scalerView';
import { infoTable } from './seriesInfo';
import type { DescribedSeries } from './seriesInfo';

/** What is known of one model file. */
export interface StoredModel {
  filename: string;
  modelClass: string;
  datasetName: string;
  format: string;
  sizeBytes: number;
  sha256: string;
}

/** Everything a finished run has produced, each part from where it is known. */
export interface ResultParts {
  settings: TrainingSettings;
  dataset: WindowDataset;
  datasetHash: string;
  /** statistics and step widths of every series, inputs and outputs in column order; empty when not at hand */
  series: readonly DescribedSeries[];
  counts: { nTrain: number; nVal: number; nTest: number };
  scalers: ScalerDocument;
  evaluation: Evaluation;
  baselines: Baselines;
  /** the training's own report: epochs_run, history, rank, duration_s … */
  training: Record<string, unknown>;
  backend: { name: string; version: string };
  /** of data set, training, evaluation and baselines, in this order */
  warnings: readonly Warning[];
  models: readonly StoredModel[];
  artifacts: readonly ArtifactEntry[];
}

/** Assembles the light result document: numbers and names only, arrays and models are referred to. */
export function buildResultDocument(parts: ResultParts): ResultDocument {
  const { settings, dataset, scalers } = parts;
  const { split } = settings;
  const names = { input: columnNames(dataset.input), output: columnNames(dataset.output) };
  const evaluation_metrics = { ...parts.evaluation, model_type: settings.modeAsSent };
  const trained_models = modelEntries(parts.models, names.output);
  return {
    schema_version: 1,
    model_type: settings.modeAsSent,
    model_internal: settings.model.kind,
    parameters: settings.parameters,
    training_split: {
      trainPercentage: split.trainPercentage,
      valPercentage: split.valPercentage,
      testPercentage: split.testPercentage,
      random_dat: split.random,
      scaler_fit: split.scalerFit,
      seed: split.seed,
      ...split.sizesAsSent,
    },
    training: parts.training,
    baselines: parts.baselines,
    warnings: [...parts.warnings],
    dataset_count: dataset.windowCount,
    input_features: names.input,
    output_features: names.output,
    n_timesteps: dataset.output.steps,
    metadata: metadata(parts),
    evaluation_metrics,
    metrics: evaluation_metrics,
    scalers: scalerView(scalers, names),
    trained_models,
    trained_model: trained_models[0] ?? null,
    artifacts: [...parts.artifacts],
  };
}

function metadata({ settings, dataset, datasetHash, series, counts, training, backend }: ResultParts): ResultMetadata {
  const { steps, time } = dataset.settings;
  const { refTimes, windowCount } = dataset;
  const epochsRun = training['epochs_run'];
  return {
    n_dat: windowCount,
    n_train: counts.nTrain,
    n_val: counts.nVal,
    n_test: counts.nTest,
    I_N: steps.inputSteps,
    O_N: steps.outputSteps,
    DELT: steps.referenceStepMin,
    OFST: steps.referenceOffsetMin,
    delt: evaluatedOutputs(dataset.settings)[0]?.stepMin ?? null,
    utc_ref_log: { first: timeText(refTimes[0]), last: timeText(refTimes[windowCount - 1]), count: windowCount },
    i_dat_inf: infoTable(series.filter((one) => one.settings.role === 'input')),
    o_dat_inf: infoTable(series.filter((one) => one.settings.role === 'output')),
    time_features: time.groups.map((group) => ({ ...group })),
    time_zone: time.timeZone,
    holiday_calendar: holidayCalendar(time),
    dataset_hash: datasetHash,
    rejections: dataset.rejections.map((rejection) => ({ ...rejection })),
    backend,
    model_config: settings.parameters,
    random_data: settings.split.random,
    seed: settings.split.seed,
    scaler_fit: settings.split.scalerFit,
    epochs_run: typeof epochsRun === 'number' ? epochsRun : null,
    metrics_version: METRICS_VERSION,
  };
}

/** What a model is and what it forecasts is told by its metadata, never read from a file's name. */
function modelEntries(models: readonly StoredModel[], outputs: readonly string[]): TrainedModelEntry[] {
  return models.map((model) => {
    const { modelClass, datasetName } = model;
    const own = outputs.includes(datasetName);
    return {
      name: own ? `${modelClass} ${datasetName}` : modelClass,
      kind: modelClass,
      output: own ? datasetName : outputs.join(', '),
      files: models.filter((other) => other.modelClass === modelClass && other.datasetName === datasetName).map(({ filename }) => filename),
      filename: model.filename,
      model_class: modelClass,
      dataset_name: datasetName,
      format: model.format,
      size_bytes: model.sizeBytes,
      sha256: model.sha256,
    };
  });
}

const columnNames = (block: WindowDataset['input']) => block.columns.map((column) => column.name);

const timeText = (micros: number | undefined) => (micros === undefined ? null : formatUtc(micros));

const holidayCalendar = ({ groups }: TimeFeatureSettings) => groups.find((group) => group.group === 'H')?.holidayCalendar ?? null;
