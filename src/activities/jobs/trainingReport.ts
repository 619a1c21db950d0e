import type { TrainingOutput } from '../../training/types';

/** What a training says of itself; its files are objects of their own. */
export type TrainingReport = Omit<TrainingOutput, 'forecastFile' | 'models'>;
