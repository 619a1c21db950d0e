import path from 'node:path';
import type { ComputePool } from '../../activities/compute';
import type { DatasetSummary } from '../../activities/types';
import { datasetLimits } from '../../config';
import type { PipelineConfig } from '../../config';
import { PipelineError } from '../../domain/findings';
import { parseTestSetPlot } from '../../domain/settings';
import type { DatasetSettings, TestSetPlotSettings, TrainingSettings } from '../../domain/settings';
import { datasetHash } from '../../store/datasetHash';
import { trainingFindings } from '../../training/feasibility';
import type { PhaseLines } from '../phaseLines';
import type { Problem, SettingsFile } from '../settingsFile';
import { checkSettings, inTraining } from './checkSettings';
import type { Remark } from './checkSettings';
import { plotRequest } from './plots';
import { readAllSeries } from './readSeries';
import type { ReadSeries } from './readSeries';

/** What the commands need of their surroundings. */
export interface Work {
  compute: ComputePool;
  config: PipelineConfig;
  phases: PhaseLines;
  /** ends everything under way */
  signal: AbortSignal;
}

/** A dataset on disk and what is to be learnt from it. */
export interface Prepared {
  settings: DatasetSettings;
  trainings: TrainingSettings[];
  /** in the order of `settings.series` */
  series: ReadSeries[];
  dataset: DatasetSummary;
  /** holds manifest.json and columns.bin */
  datasetDir: string;
  contentHash: string;
  /** what is drawn of the test windows */
  plot: TestSetPlotSettings;
}

export interface Preparation {
  /** null when there are problems */
  prepared: Prepared | null;
  problems: Problem[];
  remarks: Remark[];
}

/**
 * Everything up to the dataset, with the service's own steps: settings, files, windows, and what the models demand.
 * Whatever is wrong is collected, as far as one thing can be judged without the other.
 *
 * @param folder  gets parsed series and the dataset
 */
export async function prepare(file: SettingsFile, folder: string, datasetDir: string, work: Work): Promise<Preparation> {
  const { compute, config, phases, signal } = work;
  const checked = checkSettings(file, config.SVR_MAX_ROWS);
  phases.begin('files');
  const read = await readAllSeries(file, folder, compute, signal);
  const problems = [...checked.problems, ...read.problems];
  const { dataset: settings, trainings, remarks } = checked;
  if (!settings) return { prepared: null, problems, remarks };

  const contentHash = datasetHash(
    read.series.map(({ sha256, columnHeader }) => ({ sha256, column_header: columnHeader })),
    settings,
  );
  let dataset: DatasetSummary | null = null;
  let plot: TestSetPlotSettings | null = null;
  if (read.problems.length === 0) {
    phases.begin('dataset');
    const series = read.series.map(({ seriesFile }, index) => ({ seriesFile, ...labelAndRole(settings, index) }));
    const task = { series, settings, contentHash, limits: datasetLimits(config), outDir: path.resolve(datasetDir) };
    try {
      dataset = await compute.run('buildDataset', task, signal);
      const columns = { input: dataset.inputFeatures, output: dataset.outputFeatures };
      const parsed = parseTestSetPlot(plotRequest(file.plot, columns), columns);
      plot = parsed.settings;
      problems.push(...parsed.findings);
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      problems.push(...error.findings);
    }
  }
  const limits = { maxModelParameters: config.MAX_MODEL_PARAMETERS, svrMaxRows: config.SVR_MAX_ROWS };
  trainings.forEach((training, index) => {
    if (training) problems.push(...inTraining(file, index, trainingFindings(settings, dataset?.nDat ?? null, training, limits)));
  });
  if (!dataset || !plot || problems.length > 0) return { prepared: null, problems, remarks };
  phases.end();
  return {
    prepared: { settings, trainings: trainings.filter((one) => one !== null), series: read.series, dataset, datasetDir, contentHash, plot },
    problems,
    remarks,
  };
}

function labelAndRole({ series }: DatasetSettings, index: number) {
  const { label, role } = series[index]!;
  return { label, role };
}
