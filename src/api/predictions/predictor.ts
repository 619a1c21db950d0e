import path from 'node:path';
import { StoreUnavailable } from '../../store';
import type { SavedModelRow } from '../../store';
import { runPrediction } from '../../training/predict/run';
import { createWorkFolders } from '../../workFolders';
import { ApiError } from '../errors';
import type { Services } from '../types';
import { Places } from './places';
import type { UsableModel } from './storedModel';

// Each loads TensorFlow, some 300 MB; the cores belong to the workers.
const PROCESSES = 2;
// A client that was told nothing for so long has given up; those before it may take two minutes each.
const TIMEOUT_MS = 300_000;

export interface Wanted {
  /** windows × steps × features */
  inputs: Float64Array;
  /** inputs and forecast are in original units */
  scaling: boolean;
  /** of the request: nobody waits any more */
  signal: AbortSignal;
}

/** @returns windows × output steps × outputs. @throws ApiError SCALER_NOT_FOUND, PREDICTION_ERROR */
export type Predict = (model: UsableModel, wanted: Wanted) => Promise<Float64Array>;

/** Forecasts with stored models: the files are fetched into a folder that goes with the request, a process of its own calculates. */
export function createPredictor({ store, config, log }: Pick<Services, 'store' | 'config' | 'log'>): Predict {
  const places = new Places(PROCESSES);
  const folders = createWorkFolders(config.WORK_DIR, log);

  const fetchFile = async ({ bucket, object_path: object, format }: SavedModelRow, folder: string): Promise<string> => {
    const file = path.join(folder, `model.${format}`);
    await store.objects.getFile(bucket, object, file);
    return file;
  };

  const forecast = async (
    { settings, json, bin, input, output, scalers }: UsableModel,
    { inputs, scaling, signal }: Wanted,
    folder: string,
  ) => {
    const [jsonFile, binFile] = await Promise.all([fetchFile(json, folder), bin && fetchFile(bin, folder)]);
    const shape = {
      inputSteps: input.steps,
      inputFeatures: input.features.length,
      outputSteps: output.steps,
      outputFeatures: output.features.length,
    };
    const request = {
      model: settings,
      jsonFile,
      binFile,
      shape,
      scalers: scaling ? scalers : null,
      inputs,
      backend: config.TRAINING_BACKEND,
    };
    return runPrediction(request, folder, signal);
  };

  return async (model, wanted) => {
    if (wanted.scaling && !model.scalers) throw new ApiError('SCALER_NOT_FOUND');
    const signal = AbortSignal.any([wanted.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const inTurn = () => folders.within('predict', (folder) => forecast(model, { ...wanted, signal }, folder));
    try {
      return await places.hold(inTurn, signal);
    } catch (error) {
      throw error instanceof StoreUnavailable ? error : new ApiError('PREDICTION_ERROR', { cause: error });
    }
  };
}
