import { copyScaled } from '../../domain/scaling';
import { fitLinear, predictLinear, windowRows } from '../../domain/models';
import { saveLinear } from '../exports';
import type { BackendInfo, TrainingSpec } from '../types';
import { writeForecasts } from './forecastFile';
import type { Problem } from './problem';
import type { RunContext, TrainedModels } from './types';

/** Plain float64 arithmetic of the JavaScript engine. */
const BACKEND: BackendInfo = { name: 'none', version: process.versions.node };

/** Least squares per output (pipeline.md 13.7), forecasts and the model's document. */
export async function trainLinear(spec: TrainingSpec, problem: Problem, { reporter, pacer, started }: RunContext): Promise<TrainedModels> {
  started(BACKEND);
  reporter.stage('loading', 1);
  await pacer.pause();
  reporter.stage('training', 0);
  const model = fitLinear(windowRows(problem.dataset, problem.train, problem.scalers));
  reporter.stage('training', 1);
  await pacer.pause();

  const { input } = problem.dataset;
  const predict = (windows: Int32Array): Float64Array => {
    const rows = windows.length * input.steps;
    const x = new Float64Array(rows * input.columns.length);
    copyScaled(input, problem.scalers.input, windows, x);
    return predictLinear(model, x, rows);
  };
  const forecastFile = await writeForecasts(spec.outDir, [problem.validation, problem.test], predict, (fraction) => {
    reporter.stage('predicting', fraction);
    return pacer.pause();
  });
  reporter.stage('saving', 0);
  const models = await saveLinear(model, { folder: spec.outDir, modelClass: spec.settings.model.kind, stamp: spec.stamp });
  const training = { rank: model.outputs.map(({ rank }) => rank), rows: model.rows };
  return { backend: BACKEND, forecastFile, models, training };
}
