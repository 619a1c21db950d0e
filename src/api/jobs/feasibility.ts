import { candidateCount, checkFeasibility, featureCounts } from '../../domain/dataset';
import type { DatasetLimits } from '../../domain/dataset';
import type { Finding } from '../../domain/findings';
import { PipelineError } from '../../domain/findings';
import { parseTimestamp } from '../../domain/series';
import { checkSvrRows } from '../../domain/settings';
import type { TrainingSettings } from '../../domain/settings/types';
import { needsValidation, splitSamples, splitSizes } from '../../domain/split';
import type { TimeRange } from '../../domain/windows';
import { describeNetwork, parameterCount } from '../../training/networks';
import type { FileRow } from '../../store';
import type { Snapshot } from './snapshot';

/** NO_WINDOWS, TOO_MANY_CELLS and TOO_MANY_REFERENCES as far as the stored statistics show them; nothing for a dataset that exists already. */
export const datasetFeasibility = (snapshot: Snapshot, limits: DatasetLimits): Finding[] =>
  snapshot.dataset ? [] : checkFeasibility(snapshot.settings, timeRanges(snapshot.files), limits);

export interface TrainingLimits extends DatasetLimits {
  maxModelParameters: number;
  /** rows of a support vector model */
  svrMaxRows: number;
}

/** The same for a training, with the sizes of its parts and of its network. */
export function trainingFeasibility(snapshot: Snapshot, training: TrainingSettings, limits: TrainingLimits): Finding[] {
  const ofDataset = datasetFeasibility(snapshot, limits);
  const windows = snapshot.dataset?.n_dat ?? candidateCount(snapshot.settings, timeRanges(snapshot.files)).windows;
  return [
    ...ofDataset,
    ...(ofDataset.length === 0 ? splitFindings(windows, training) : []),
    ...checkSvrRows(training, splitSizes(windows, training.split).nTrain, snapshot.settings.steps.inputSteps, limits.svrMaxRows),
    ...networkFindings(snapshot, training, limits.maxModelParameters),
  ];
}

function splitFindings(windows: number, { model, modeAsSent, split }: TrainingSettings): Finding[] {
  try {
    // only the sizes matter here: no need to draw a permutation of millions
    splitSamples(windows, { ...split, random: false }, { validation: needsValidation(model), mode: modeAsSent });
    return [];
  } catch (error) {
    if (error instanceof PipelineError) return [...error.findings];
    throw error;
  }
}

function networkFindings({ settings }: Snapshot, { model, modeAsSent }: TrainingSettings, cap: number): Finding[] {
  if (model.kind === 'LIN' || model.kind === 'SVR') return [];
  const { inputSteps, outputSteps } = settings.steps;
  const features = featureCounts(settings);
  const shape = { inputSteps, outputSteps, inputFeatures: features.input, outputFeatures: features.output };
  const parameters = parameterCount(describeNetwork(model, shape));
  if (parameters <= cap) return [];
  const message = `The ${modeAsSent} model would have ${parameters} parameters, more than the allowed ${cap}; lower LAY or N`;
  return [{ code: 'MODEL_TOO_LARGE', message, field: 'N', context: { parameters, cap } }];
}

/** First and last row time of each series, from the stored statistics. */
const timeRanges = (files: readonly FileRow[]): TimeRange[] =>
  files.map(({ utc_min: first, utc_max: last }) => ({ firstTime: microseconds(first), lastTime: microseconds(last) }));

function microseconds(text: string | null): number {
  const bytes = Buffer.from(text ?? '');
  const time = parseTimestamp(bytes, 0, bytes.length);
  if (!Number.isFinite(time)) throw new Error('a valid file has no readable time range');
  return time;
}
