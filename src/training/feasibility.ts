import { featureCounts } from '../domain/dataset';
import type { Finding } from '../domain/findings';
import { PipelineError } from '../domain/findings';
import { checkSvrRows } from '../domain/settings';
import type { DatasetSettings, TrainingSettings } from '../domain/settings/types';
import { needsValidation, splitSamples, splitSizes } from '../domain/split';
import { describeNetwork, parameterCount } from './networks';

export interface ModelLimits {
  maxModelParameters: number;
  /** rows of a support vector model */
  svrMaxRows: number;
}

/**
 * What a training demands of a dataset beyond its existence (pipeline.md 11, 13): parts that are not empty, an SVR and a
 * network within bounds.
 *
 * @param windows  n_dat, or the candidates the time ranges leave; null = not known: sizes that follow from it are not judged
 */
export function trainingFindings(
  settings: DatasetSettings,
  windows: number | null,
  training: TrainingSettings,
  limits: ModelLimits,
): Finding[] {
  return [
    ...(windows === null ? [] : [...splitFindings(windows, training), ...rowFindings(settings, windows, training, limits.svrMaxRows)]),
    ...networkFindings(settings, training, limits.maxModelParameters),
  ];
}

/** Weights the model would have: those of the network, or coefficients and intercepts of LIN; null for a model without a fixed number. */
export function modelParameters(settings: DatasetSettings, { model }: TrainingSettings): number | null {
  const { inputSteps, outputSteps } = settings.steps;
  const features = featureCounts(settings);
  if (model.kind === 'SVR') return null;
  if (model.kind === 'LIN') return features.output * (features.input + 1);
  return parameterCount(
    describeNetwork(model, { inputSteps, outputSteps, inputFeatures: features.input, outputFeatures: features.output }),
  );
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

const rowFindings = (settings: DatasetSettings, windows: number, training: TrainingSettings, cap: number): Finding[] =>
  checkSvrRows(training, splitSizes(windows, training.split).nTrain, settings.steps.inputSteps, cap);

function networkFindings(settings: DatasetSettings, training: TrainingSettings, cap: number): Finding[] {
  const { model, modeAsSent } = training;
  if (model.kind === 'LIN' || model.kind === 'SVR') return [];
  const parameters = modelParameters(settings, training) ?? 0;
  if (parameters <= cap) return [];
  const message = `The ${modeAsSent} model would have ${parameters} parameters, more than the allowed ${cap}; lower LAY or N`;
  return [{ code: 'MODEL_TOO_LARGE', message, field: 'N', context: { parameters, cap } }];
}
