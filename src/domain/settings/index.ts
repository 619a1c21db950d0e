export { columnOrder, datasetWarnings, parseDatasetSettings } from './dataset';
export type { ParsedDatasetSettings } from './dataset';
export { labelOfFile } from './label';
export { SVR_MAX_ROWS } from './model';
export { seriesLabel } from './series';
export { parseSteps } from './steps';
export { checkStepCounts, checkSvrRows, parseTrainingSettings, trainingWarnings } from './training';
export { stepsOf, windowOffset, windowStepMin } from './windowStep';
export type * from './types';
