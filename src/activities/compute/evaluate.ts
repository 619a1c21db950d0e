import { createWriteStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { buildResultDocument, npz, strictJson, testArrays } from '../../domain/artefacts';
import type { DescribedSeries, StoredModel } from '../../domain/artefacts';
import { evaluateBaselines } from '../../domain/baselines';
import type { BuiltDataset } from '../../domain/dataset';
import { evaluatedOutputs, evaluateForecasts } from '../../domain/evaluation';
import type { ForecastArrays } from '../../domain/evaluation';
import { copyOriginal, copyScaled, inverseScaled } from '../../domain/scaling';
import type { SeriesStatistics } from '../../domain/series';
import { windowOffset, windowStepMin } from '../../domain/settings';
import type { DatasetSettings, TrainingSettings } from '../../domain/settings/types';
import { needsValidation, splitParts, splitSamples } from '../../domain/split';
import type { TrainingReport } from '../jobs/trainingReport';
import { readDataset } from './dataset';
import type { SeriesFile } from './series';
import { readSeries } from './series';

const compress = promisify(gzip);

export interface EvaluateTask {
  datasetDir: string;
  contentHash: string;
  settings: DatasetSettings;
  training: TrainingSettings;
  reportFile: string;
  /** scaled forecasts, all validation windows then all test windows */
  forecastFile: string;
  /** measured rows of the output series, in column order */
  outputs: SeriesFile[];
  /** of every series, in the order of the settings */
  statistics: SeriesStatistics[];
  models: StoredModel[];
  documentFile: string;
  arraysFile: string;
  /** name under which the arrays are listed */
  arraysName: string;
}

/** Compares the stored forecasts with the truth and writes the result document and the test arrays (pipeline.md 14, 15, 17). */
export async function evaluate(task: EvaluateTask): Promise<{ sizeBytes: number }> {
  const dataset = await readDataset(task.datasetDir, task.settings);
  const report = JSON.parse(await readFile(task.reportFile, 'utf8')) as TrainingReport;
  const { training } = task;
  const split = splitSamples(dataset.windowCount, training.split, {
    validation: needsValidation(training.model),
    mode: training.modeAsSent,
  });
  const { validation, test } = splitParts(split);
  const parts = await forecasts(dataset, report, task.forecastFile, validation, test);

  const { evaluation, warnings } = evaluateForecasts(parts);
  const refTimes = Float64Array.from(test, (window) => dataset.refTimes[window] ?? NaN);
  const outputs = await Promise.all(task.outputs.map(readSeries));
  const naive = evaluateBaselines({ settings: task.settings, outputs, refTimes, model: parts.testOriginal });

  const arrays = testArrays(dataset, {
    windows: test,
    scalers: report.scalers,
    scaled: parts.testScaled.forecast,
    original: parts.testOriginal.forecast,
  });
  await pipeline(Readable.from(npz(arrays)), createWriteStream(task.arraysFile));
  const arraysSize = (await stat(task.arraysFile)).size;

  const document = buildResultDocument({
    settings: training,
    dataset,
    datasetHash: task.contentHash,
    series: describe(task.settings, task.statistics),
    counts: { nTrain: split.nTrain, nVal: split.nVal, nTest: split.nTest },
    scalers: report.scalers,
    evaluation,
    baselines: naive.baselines,
    training: report.training,
    backend: report.backend,
    warnings: [...dataset.warnings, ...report.warnings, ...warnings, ...naive.warnings],
    models: task.models,
    artifacts: [{ name: task.arraysName, kind: 'arrays', size_bytes: arraysSize, content_type: 'application/octet-stream' }],
  });
  const packed = await compress(strictJson(document));
  await writeFile(task.documentFile, packed);
  return { sizeBytes: arraysSize + packed.length };
}

interface Forecasts {
  testOriginal: ForecastArrays;
  testScaled: ForecastArrays;
  validationScaled: ForecastArrays;
}

async function forecasts(
  dataset: BuiltDataset,
  { scalers }: TrainingReport,
  file: string,
  validation: Int32Array,
  test: Int32Array,
): Promise<Forecasts> {
  const { output } = dataset;
  const cells = output.steps * output.columns.length;
  const bytes = await readFile(file);
  const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  if (all.length !== (validation.length + test.length) * cells) throw new RangeError(`${path.basename(file)} does not fit the split`);
  const border = validation.length * cells;

  const scaledTruth = (windows: Int32Array): Float64Array => {
    const truth = new Float64Array(windows.length * cells);
    copyScaled(output, scalers.output, windows, truth);
    return truth;
  };
  const originalTruth = new Float64Array(test.length * cells);
  copyOriginal(output, test, originalTruth);

  const shape = { steps: output.steps, outputs: evaluatedOutputs(dataset.settings) };
  const scaled = all.subarray(border);
  const original = inverseScaled(scaled, output.columns.length, scalers.output);
  return {
    testOriginal: { ...shape, windows: test.length, truth: originalTruth, forecast: original },
    testScaled: { ...shape, windows: test.length, truth: scaledTruth(test), forecast: scaled },
    validationScaled: { ...shape, windows: validation.length, truth: scaledTruth(validation), forecast: all.subarray(0, border) },
  };
}

const describe = (settings: DatasetSettings, statistics: readonly SeriesStatistics[]): DescribedSeries[] =>
  settings.series.flatMap((series, index) => {
    const own = statistics[index];
    if (!own) return [];
    return [
      {
        settings: series,
        statistics: own,
        windowStepMin: windowStepMin(series, settings.steps),
        windowOffset: windowOffset(series, settings.steps),
      },
    ];
  });
