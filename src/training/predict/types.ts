import type { ScalerDocument } from '../../domain/scaling';
import type { ModelSettings } from '../../domain/settings/types';
import type { BackendChoice } from '../backends';

/** A forecast for a process of its own: everything it needs lies in files. */
export interface PredictionTask {
  model: ModelSettings;
  /** the model's JSON file; of a network the TensorFlow.js model */
  jsonFile: string;
  /** the weights of a network */
  binFile: string | null;
  shape: { inputSteps: number; inputFeatures: number; outputSteps: number; outputFeatures: number };
  /** null = the inputs are scaled, and so is the forecast */
  scalers: ScalerDocument | null;
  /** float64, row-major (window, step, column) */
  inputFile: string;
  outputFile: string;
  windowCount: number;
  backend: BackendChoice;
}

export type PredictionMessage = { type: 'done' } | { type: 'failed'; message: string };
