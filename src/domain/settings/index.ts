export { columnOrder, datasetWarnings, parseDatasetSettings } from './dataset';
export type { ParsedDatasetSettings } from './dataset';
export { checkStepCounts, parseTrainingSettings, trainingWarnings } from './training';
export { stepsOf, windowOffset, windowStepMin } from './windowStep';
export type * from './types';
