export { columnOrder, datasetWarnings, parseDatasetSettings } from './dataset';
export type { ParsedDatasetSettings } from './dataset';
export { labelOfFile } from './label';
export { seriesLabel } from './series';
export { parseSteps } from './steps';
export { checkStepCounts, parseTrainingSettings, trainingWarnings } from './training';
export { stepsOf, windowOffset, windowStepMin } from './windowStep';
export type * from './types';
