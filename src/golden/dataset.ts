import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDataset } from '../domain/dataset';
import type { WindowDataset } from '../domain/dataset';
import { PipelineError } from '../domain/findings';
import { fitScalers } from '../domain/scaling';
import type { ScalerDocument } from '../domain/scaling';
import { parseCsv, statistics } from '../domain/series';
import type { Series, SeriesStatistics } from '../domain/series';
import { columnOrder, parseDatasetSettings, parseTrainingSettings } from '../domain/settings';
import type { DatasetSettings, TrainingSettings } from '../domain/settings';
import { needsValidation, splitParts, splitSamples, splitSizes } from '../domain/split';
import type { GoldenCase } from './types';

/** Everything the service computes before a model is trained. */
export interface PreparedData {
  settings: DatasetSettings;
  training: TrainingSettings;
  /** in the order of `settings.series` */
  series: { rows: Series; statistics: SeriesStatistics }[];
  dataset: WindowDataset;
  parts: { train: Int32Array; validation: Int32Array; test: Int32Array };
  scalers: ScalerDocument;
}

/**
 * Reads, parses, cuts, divides and scales with the functions the service uses.
 *
 * @throws PipelineError with every finding of the step that refuses
 */
export function prepareData({
  dir,
  settings: { files = [], zeitschritte, timeInfo, model_parameters, training_split },
}: GoldenCase): PreparedData {
  const parsed = parseDatasetSettings({ files, zeitschritte: zeitschritte ?? null, timeInfo: timeInfo ?? null });
  const trained = parseTrainingSettings({ model_parameters, training_split });
  const findings = [...parsed.findings, ...trained.findings];
  const { settings } = parsed;
  const training = trained.settings;
  if (!settings || !training) throw new PipelineError(findings);

  const series = columnOrder(files).map((index, place) => {
    const rows = readSeries(join(dir, files[index]!.file), settings.series[place]!);
    return { rows, statistics: statistics(rows) };
  });
  const dataset = buildDataset(
    series.map((one) => one.rows),
    settings,
  );
  const parts = divide(dataset.windowCount, training, Boolean(model_parameters));
  const scalers = fitScalers(dataset, training.split.scalerFit === 'train' ? parts.train : null);
  return { settings, training, series, dataset, parts, scalers };
}

/** Without a model a part may be empty, which a training would refuse. */
function divide(windows: number, { model, modeAsSent, split }: TrainingSettings, trained: boolean): PreparedData['parts'] {
  if (trained) return splitParts(splitSamples(windows, split, { validation: needsValidation(model), mode: modeAsSent }));
  const order = Int32Array.from({ length: windows }, (_, window) => window);
  return splitParts({ order, ...splitSizes(windows, split) });
}

function readSeries(path: string, { label, role }: DatasetSettings['series'][number]): Series {
  const result = parseCsv(readFileSync(path), { fileName: path, label });
  if (!result.ok) throw new PipelineError(result.findings);
  return { label, role, times: result.csv.times, values: result.csv.values };
}
