import type { Pacer } from '../pacer';
import type { BackendInfo, ModelFile, TrainingOutput } from '../types';
import type { Reporter } from './reporter';

/** What a training run uses of its surroundings. */
export interface RunContext {
  reporter: Reporter;
  pacer: Pacer;
  /** remarks for the operator */
  log: (text: string) => void;
  /** to be called once, when the back end is known */
  started: (backend: BackendInfo) => void;
}

/** What a kind of model leaves behind. */
export interface TrainedModels
  extends Pick<TrainingOutput, 'forecastFile' | 'training' | 'backend'>, Partial<Pick<TrainingOutput, 'warnings'>> {
  models: ModelFile[];
}
