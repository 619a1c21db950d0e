import { createTrainModel } from './jobs/trainModel';
import type { TrainServices } from './jobs/trainModel';
import type { TrainingActivities } from './types';

/** Everything queue `training` runs. */
export const createTrainingActivities = (services: TrainServices): TrainingActivities => ({ trainModel: createTrainModel(services) });
