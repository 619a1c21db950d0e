import { fitLinear, fitSvr, predictLinear, predictSvr, runToEnd, windowRows } from '../domain/models';
import type { LinearModelDocument, SvrModelDocument } from '../domain/models';
import { copyScaled } from '../domain/scaling';
import type { ModelSettings } from '../domain/settings/types';
import type { BackendChoice } from '../training';
import type { Checks } from './checks';
import { compareSvr } from './compareSvr';
import type { PreparedData } from './dataset';
import { trainNetwork } from './network';
import { ofSize, sizeOf, TOLERANCE } from './tolerances';
import type { Tolerance } from './tolerances';
import type { ExpectedModel } from './types';

/** What a model part is judged by. */
export interface ModelOutcome {
  /** scaled forecasts, row-major (window, step, output) */
  validation: Float64Array;
  test: Float64Array;
  tolerances: { prediction: Tolerance; metric: Tolerance };
}

/**
 * Fits the model of a case on the training part and forecasts the other two; compares its own figures on the way.
 */
export async function runModel(checks: Checks, data: PreparedData, expected: ExpectedModel, backend: BackendChoice): Promise<ModelOutcome> {
  const { model } = data.training;
  switch (model.kind) {
    case 'LIN':
      return runLinear(checks, data, expected);
    case 'SVR':
      return runSvr(checks, data, model, expected);
    case 'Dense':
    case 'CNN':
    case 'LSTM':
    case 'AR LSTM':
      return runNetwork(checks, data, expected, backend);
  }
}

function runLinear(checks: Checks, data: PreparedData, expected: ExpectedModel): ModelOutcome {
  const fitted = fitLinear(windowRows(data.dataset, data.parts.train, data.scalers));
  if (expected.linear) compareLinear(checks, fitted, expected.linear);
  // forecasts come from the stored form of the model, as those of a user's download would
  const stored = JSON.parse(JSON.stringify(fitted)) as LinearModelDocument;
  const forecasts = forecastParts(data, (x, rows) => predictLinear(stored, x, rows));
  return { ...forecasts, tolerances: { prediction: TOLERANCE.linear, metric: TOLERANCE.linearMetric } };
}

function runSvr(
  checks: Checks,
  data: PreparedData,
  { kernel, c, epsilon, subsample }: Extract<ModelSettings, { kind: 'SVR' }>,
  expected: ExpectedModel,
): ModelOutcome {
  const { dataset, parts, scalers, training } = data;
  const options = { kernel, c, epsilon, subsample, seed: training.split.seed };
  const fitted = runToEnd(fitSvr(windowRows(dataset, parts.train, scalers), options));
  if (expected.svr) compareSvr(checks, fitted, expected.svr);
  const stored = JSON.parse(JSON.stringify(fitted)) as SvrModelDocument;
  const forecasts = forecastParts(data, (x, rows) => predictSvr(stored, x, rows));
  return { ...forecasts, tolerances: { prediction: TOLERANCE.support, metric: TOLERANCE.supportMetric } };
}

/** Forecasts of a model that maps each (window, step) row on its own. */
function forecastParts(
  { dataset: { input }, parts, scalers }: PreparedData,
  predictRows: (x: Float64Array, rows: number) => Float64Array,
): Pick<ModelOutcome, 'validation' | 'test'> {
  const predict = (windows: Int32Array) => {
    const rows = windows.length * input.steps;
    const x = new Float64Array(rows * input.columns.length);
    copyScaled(input, scalers.input, windows, x);
    return predictRows(x, rows);
  };
  return { validation: predict(parts.validation), test: predict(parts.test) };
}

function compareLinear(checks: Checks, { outputs }: LinearModelDocument, expected: NonNullable<ExpectedModel['linear']>): void {
  checks.same('linear outputs', outputs.length, expected.length);
  for (const [index, want] of expected.entries()) {
    const got = outputs[index];
    if (!got) continue;
    const name = `linear[${index}]`;
    checks.same(`${name}.output`, got.name, want.output);
    checks.same(`${name}.coefficients length`, got.coefficients.length, want.coefficients.length);
    const tolerance = ofSize(TOLERANCE.linear, sizeOf(want.coefficients));
    want.coefficients.forEach((value, i) => checks.close(`${name}.coefficients[${i}]`, got.coefficients[i], value, tolerance));
    checks.close(`${name}.intercept`, got.intercept, want.intercept, TOLERANCE.linear);
  }
}

async function runNetwork(checks: Checks, data: PreparedData, { network }: ExpectedModel, backend: BackendChoice): Promise<ModelOutcome> {
  if (!network) throw new Error('a network case needs the initial weights of model.network');
  const forecasts = await trainNetwork(checks, data, network, backend);
  return { ...forecasts, tolerances: { prediction: TOLERANCE.afterEpochs, metric: TOLERANCE.networkMetric } };
}
