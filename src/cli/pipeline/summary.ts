import type { ResultDocument } from '../../domain/artefacts';
import { formatUtc } from '../../domain/series';
import { splitSizes } from '../../domain/split';
import { modelParameters } from '../../training/feasibility';
import { evaluationTable, table } from '../report';
import type { Problem } from '../settingsFile';
import type { Remark } from './checkSettings';
import type { Prepared } from './prepare';

/** One finding a line: where, what. */
export function problemTable(problems: readonly Problem[]): string {
  const rows = problems.map(({ file, row, field, code, message }) => [place(file, row), field ?? '', code, message]);
  return table(['file', 'field', 'code', 'message'], rows);
}

const place = (file: string | undefined, row: number | undefined): string => `${file ?? ''}${row === undefined ? '' : `:${row}`}`;

export const remarkLines = (remarks: readonly Remark[]): string =>
  remarks.map(({ code, message }) => `    note ${code}: ${message}`).join('\n');

/** Statistics of every series (pipeline.md 3). */
export function seriesTable({ settings, series }: Prepared): string {
  const header = ['series', 'role', 'file', 'rows', 'from', 'to', 'step [min]', 'offset', 'min', 'max', 'numeric %'];
  const rows = series.map(({ file, statistics: s }, index) => {
    const { label, role } = settings.series[index]!;
    const [from, to] = [formatUtc(s.firstTime), formatUtc(s.lastTime)];
    return [label, role, file, s.rowCount, from, to, s.meanStepMin, s.rowOffset, s.min, s.max, s.numericShare];
  });
  return table(header, rows);
}

/** What each training will work with. */
export interface TrainingSizes {
  mode: string;
  n_train: number;
  n_val: number;
  n_test: number;
  /** weights to learn; null where their number is not fixed beforehand */
  parameters: number | null;
}

export const trainingSizes = ({ settings, trainings, dataset }: Prepared): TrainingSizes[] =>
  trainings.map((training) => {
    const { nTrain, nVal, nTest } = splitSizes(dataset.nDat, training.split);
    return { mode: training.modeAsSent, n_train: nTrain, n_val: nVal, n_test: nTest, parameters: modelParameters(settings, training) };
  });

export const sizesTable = (sizes: readonly TrainingSizes[]): string =>
  table(
    ['model', 'train', 'validation', 'test', 'parameters'],
    sizes.map(({ mode, n_train, n_val, n_test, parameters }) => [mode, n_train, n_val, n_test, parameters]),
  );

/** Levels × metrics of every model with the baselines, one table per output. */
export function evaluationTables(documents: readonly ResultDocument[]): string {
  const models = documents.map(({ model_type: mode, evaluation_metrics: { df_eval: dfEval }, baselines }) => ({ mode, dfEval, baselines }));
  return Object.keys(models[0]?.dfEval ?? {})
    .map((output) => `Evaluation of ${output} on the held-out test windows (original units)\n${evaluationTable(output, models)}`)
    .join('\n\n');
}
