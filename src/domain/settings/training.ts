import type { Finding, Warning } from '../findings';
import { asRecord, FieldReader } from './fields';
import { parseModel, SVR_MAX_ROWS } from './model';
import { parseSplit } from './split';
import type { DatasetSettings, StepConfig, TrainingSettings } from './types';

/**
 * Model and split of a training request (http-api B.5, B.6) with all findings; `settings` is null when there is any.
 *
 * @param svrMaxRows rows an SVR may use at most here
 */
export function parseTrainingSettings(
  request: {
    model_parameters?: unknown;
    training_split?: unknown;
    seed?: unknown;
    scaler_fit?: unknown;
  },
  svrMaxRows = SVR_MAX_ROWS,
): {
  settings: TrainingSettings | null;
  findings: Finding[];
} {
  const findings: Finding[] = [];
  const parameters = objectOf(request.model_parameters, 'model_parameters', findings);
  const split = objectOf(request.training_split, 'training_split', findings);
  const model = parseModel(parameters, svrMaxRows);
  const random = parameters.truth('random_dat', 'PARAM_OPTION');
  const parsedSplit = parseSplit(split, { seed: request.seed, scaler_fit: request.scaler_fit }, random);
  if (findings.length > 0) return { settings: null, findings };
  const settings: TrainingSettings = {
    model: model.model,
    modeAsSent: model.modeAsSent,
    parameters: { ...model.parameters, random_dat: parsedSplit.random },
    split: parsedSplit,
  };
  return { settings, findings };
}

function objectOf(value: unknown, field: 'model_parameters' | 'training_split', findings: Finding[]): FieldReader {
  if (value === undefined || value === null || value === '') return new FieldReader({}, findings);
  const record = asRecord(value);
  if (!record) {
    const code = field === 'model_parameters' ? 'PARAM_OPTION' : 'SPLIT_PERCENT';
    findings.push({ code, message: `${field} must be an object`, field });
  }
  return new FieldReader(record ?? {}, findings);
}

/** STEPS_UNEQUAL for the models that map each step to the step of the same number (pipeline.md 13.1). */
export function checkStepCounts(training: TrainingSettings, steps: StepConfig): Finding[] {
  const { kind } = training.model;
  if (steps.inputSteps === steps.outputSteps || kind === 'Dense' || kind === 'CNN') return [];
  return [
    {
      code: 'STEPS_UNEQUAL',
      message:
        `${training.modeAsSent} needs eingabe = ausgabe, but they are ${steps.inputSteps} and ${steps.outputSteps}; ` +
        'Dense and CNN accept different counts',
      field: 'MODE',
      context: { mode: training.modeAsSent, eingabe: steps.inputSteps, ausgabe: steps.outputSteps },
    },
  ];
}

/**
 * SVR_TOO_MANY_ROWS: a support vector model learns from every (window, step) pair, and its time grows with their square (pipeline.md 13.6).
 *
 * @param trainWindows windows of the training part
 */
export function checkSvrRows({ model, modeAsSent }: TrainingSettings, trainWindows: number, steps: number, cap: number): Finding[] {
  const rows = trainWindows * steps;
  if (model.kind !== 'SVR' || model.subsample !== null || rows <= cap) return [];
  return [
    {
      code: 'SVR_TOO_MANY_ROWS',
      message:
        `${modeAsSent} would learn from ${rows} rows (${trainWindows} training windows × ${steps} steps), more than the allowed ${cap}; ` +
        `use a larger zeitschrittweite, a smaller eingabe, another MODE, or svr_subsample to draw up to ${cap} of them`,
      field: 'MODE',
      context: { rows, cap, n_train: trainWindows, I_N: steps },
    },
  ];
}

/** Remarks that follow from the training settings and the dataset's settings. */
export function trainingWarnings(training: TrainingSettings, dataset: DatasetSettings): Warning[] {
  const warnings: Warning[] = [];
  const { kind } = training.model;
  const neural = kind !== 'LIN' && kind !== 'SVR';
  const unscaled = dataset.series.filter((series) => series.role === 'output' && !series.scale).map(({ label }) => label);
  if (neural && unscaled.length > 0) {
    const message = `targets without scaling make a neural network hard to train: ${unscaled.join(', ')}`;
    warnings.push({ code: 'UNSCALED_TARGET', message, context: { labels: unscaled } });
  }
  if (training.split.random) {
    const message = 'samples are in random order: overlapping windows share rows across the parts, metrics are optimistic';
    warnings.push({ code: 'RANDOM_SPLIT', message, context: { seed: training.split.seed } });
  }
  if (kind === 'AR LSTM')
    warnings.push({ code: 'AR_LSTM_IS_LSTM', message: 'AR LSTM is the same network as LSTM: nothing is fed back', context: {} });
  return warnings;
}
