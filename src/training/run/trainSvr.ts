import { fitSvr, predictSvr, windowRows } from '../../domain/models';
import type { SvrModelDocument } from '../../domain/models';
import { PipelineError } from '../../domain/findings';
import type { Warning } from '../../domain/findings';
import { checkSvrRows } from '../../domain/settings';
import type { ModelSettings } from '../../domain/settings/types';
import { saveSvr } from '../exports';
import type { TrainingSpec } from '../types';
import { CHUNK, writeForecasts } from './forecastFile';
import { NO_BACKEND } from './noBackend';
import type { Problem } from './problem';
import type { RunContext, TrainedModels } from './types';
import { scaledRows } from './windowSamples';

/** Kernel values forecast between two pauses: about 50 ms. */
const VALUES_AT_A_TIME = 5_000_000;

/**
 * One ε-SVR per output (pipeline.md 13.6), forecasts and the model's document. The solver pauses every few milliseconds, so a stop is
 * heard at once and progress is told as for any model.
 *
 * @throws PipelineError SVR_TOO_MANY_ROWS where the request was judged by other limits
 */
export async function trainSvr(
  spec: TrainingSpec,
  { kernel, c, epsilon, subsample }: Extract<ModelSettings, { kind: 'SVR' }>,
  problem: Problem,
  { reporter, pacer, started }: RunContext,
): Promise<TrainedModels> {
  const { settings, limits } = spec;
  const { input } = problem.dataset;
  started(NO_BACKEND);
  const tooMany = checkSvrRows(settings, problem.train.length, input.steps, limits.svrMaxRows);
  if (tooMany.length > 0) throw new PipelineError(tooMany);
  reporter.stage('loading', 1);
  await pacer.pause();
  reporter.stage('training', 0);
  const options = { kernel, c, epsilon, subsample, seed: settings.split.seed, cacheBytes: limits.svrCacheBytes };
  const fit = fitSvr(windowRows(problem.dataset, problem.train, problem.scalers), options);
  let at = fit.next();
  for (; !at.done; at = fit.next()) {
    reporter.stage('training', at.value, false);
    await pacer.breathe();
  }
  const model = at.value;
  reporter.stage('training', 1);
  await pacer.pause();

  const predict = (windows: Int32Array): Float64Array => predictSvr(model, scaledRows(problem, windows), windows.length * input.steps);
  const pause = (fraction: number): Promise<void> => {
    reporter.stage('predicting', fraction);
    return pacer.pause();
  };
  const forecastFile = await writeForecasts(spec.outDir, [problem.validation, problem.test], predict, pause, chunkOf(model, input.steps));
  reporter.stage('saving', 0);
  const models = await saveSvr(model, { folder: spec.outDir, modelClass: settings.model.kind, stamp: spec.stamp });
  const training = {
    ...model.rows,
    support_vectors: model.outputs.map((output) => output.support_vectors.length),
    support_rows: model.outputs.map((output) => output.support_rows),
  };
  return { backend: NO_BACKEND, forecastFile, models, training, warnings: subsampled(model) };
}

/** Windows to forecast between two pauses. */
function chunkOf({ outputs }: SvrModelDocument, steps: number): number {
  const vectors = outputs.reduce((sum, output) => sum + output.support_vectors.length, 1);
  return Math.min(CHUNK, Math.ceil(VALUES_AT_A_TIME / (vectors * steps)));
}

function subsampled({ rows: { rows_total: total, rows_used: used, seed } }: SvrModelDocument): Warning[] {
  if (used === total) return [];
  const message = `the model learnt from ${used} of ${total} training rows, drawn with seed ${seed}`;
  return [{ code: 'SVR_SUBSAMPLED', message, context: { rows_total: total, rows_used: used, seed } }];
}
