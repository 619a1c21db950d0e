import { fitLinear, predictLinear, windowRows } from '../domain/models';
import type { LinearModelDocument } from '../domain/models';
import { copyScaled } from '../domain/scaling';
import type { BackendChoice } from '../training';
import type { Checks } from './checks';
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
 *
 * @throws an error saying why, for models this version does not have
 */
export async function runModel(checks: Checks, data: PreparedData, expected: ExpectedModel, backend: BackendChoice): Promise<ModelOutcome> {
  const { kind } = data.training.model;
  switch (kind) {
    case 'LIN':
      return runLinear(checks, data, expected);
    case 'SVR':
      throw new Error(`the model ${data.training.modeAsSent} is not supported`);
    case 'Dense':
    case 'CNN':
    case 'LSTM':
    case 'AR LSTM':
      return runNetwork(checks, data, expected, backend);
  }
}

function runLinear(checks: Checks, data: PreparedData, expected: ExpectedModel): ModelOutcome {
  const { dataset, parts, scalers } = data;
  const fitted = fitLinear(windowRows(dataset, parts.train, scalers));
  if (expected.linear) compareLinear(checks, fitted, expected.linear);
  // forecasts come from the stored form of the model, as those of a user's download would
  const stored = JSON.parse(JSON.stringify(fitted)) as LinearModelDocument;
  const predict = (windows: Int32Array) => {
    const rows = windows.length * dataset.input.steps;
    const x = new Float64Array(rows * dataset.input.columns.length);
    copyScaled(dataset.input, scalers.input, windows, x);
    return predictLinear(stored, x, rows);
  };
  return {
    validation: predict(parts.validation),
    test: predict(parts.test),
    tolerances: { prediction: TOLERANCE.linear, metric: TOLERANCE.linearMetric },
  };
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
