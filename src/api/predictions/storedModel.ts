import { parseTrainingSettings } from '../../domain/settings';
import type { ModelSettings } from '../../domain/settings/types';
import type { ScalerDocument } from '../../domain/scaling';
import type { ResultRow, SavedModelRow, UserStore } from '../../store';
import { ApiError } from '../errors';
import { newestModel } from '../models/newest';
import { loadDocument } from '../results';
import type { Services } from '../types';

/** A stored model with everything a forecast needs to know of it. */
export interface UsableModel {
  /** as asked for, or the one download-model-h5 gives */
  filename: string;
  settings: ModelSettings;
  /** the model's JSON; of a network the TensorFlow.js model */
  json: SavedModelRow;
  /** the weights of a network */
  bin: SavedModelRow | null;
  input: { steps: number; features: string[] };
  output: { steps: number; features: string[] };
  scalers: ScalerDocument | null;
}

/** @param filename null = the newest model. @throws ApiError MODEL_NOT_FOUND */
export async function usableModel(
  services: Pick<Services, 'store' | 'config'>,
  mine: UserStore,
  sessionId: string,
  filename: string | null,
): Promise<UsableModel> {
  const [models, runs] = await Promise.all([mine.models(sessionId), mine.results(sessionId, { status: 'completed' })]);
  const chosen = filename === null ? newestModel(models) : models.find((model) => model.filename === filename);
  const run = runs.find(({ run_id: runId }) => runId === chosen?.run_id);
  const inFormat = (format: SavedModelRow['format']) => models.find((model) => model.run_id === run?.run_id && model.format === format);
  const json = inFormat('json');
  if (!chosen || !run || !json) throw new ApiError('MODEL_NOT_FOUND');
  return { filename: chosen.filename, json, bin: inFormat('bin') ?? null, ...(await describedRun(services, run)) };
}

async function describedRun(services: Pick<Services, 'store' | 'config'>, run: ResultRow) {
  if (run.results_file_path === null) throw new Error(`the completed run ${run.run_id} has no document`);
  const document = await loadDocument(services, run.results_file_path);
  // what was accepted once is not judged again by the limits of today
  const { settings } = parseTrainingSettings({ model_parameters: document.parameters }, Infinity);
  if (!settings) throw new Error(`the parameters of run ${run.run_id} cannot be read`);
  return {
    settings: settings.model,
    input: { steps: document.metadata.I_N, features: document.input_features },
    output: { steps: document.metadata.O_N, features: document.output_features },
    scalers: run.scalers as ScalerDocument | null, // written by the finalizer as such
  };
}
