import { fitLinear, predictLinear, windowRows } from '../../domain/models';
import { saveLinear } from '../exports';
import type { TrainingSpec } from '../types';
import { writeForecasts } from './forecastFile';
import { NO_BACKEND } from './noBackend';
import type { Problem } from './problem';
import type { RunContext, TrainedModels } from './types';
import { scaledRows } from './windowSamples';

/** Least squares per output (pipeline.md 13.7), forecasts and the model's document. */
export async function trainLinear(spec: TrainingSpec, problem: Problem, { reporter, pacer, started }: RunContext): Promise<TrainedModels> {
  started(NO_BACKEND);
  reporter.stage('loading', 1);
  await pacer.pause();
  reporter.stage('training', 0);
  const model = fitLinear(windowRows(problem.dataset, problem.train, problem.scalers));
  reporter.stage('training', 1);
  await pacer.pause();

  const predict = (windows: Int32Array): Float64Array =>
    predictLinear(model, scaledRows(problem, windows), windows.length * problem.dataset.input.steps);
  const forecastFile = await writeForecasts(spec.outDir, [problem.validation, problem.test], predict, (fraction) => {
    reporter.stage('predicting', fraction);
    return pacer.pause();
  });
  reporter.stage('saving', 0);
  const models = await saveLinear(model, { folder: spec.outDir, modelClass: spec.settings.model.kind, stamp: spec.stamp });
  const training = { rank: model.outputs.map(({ rank }) => rank), rows: model.rows };
  return { backend: NO_BACKEND, forecastFile, models, training };
}
