export { columnOrder, datasetWarnings, parseDatasetSettings } from './dataset';
export type { ParsedDatasetSettings } from './dataset';
export { labelOfFile } from './label';
export { parseTestSetPlot } from './testSetPlot';
export type { PlotColumns, TestSetPlotSettings } from './testSetPlot';
export { checkStepCounts, parseTrainingSettings, trainingWarnings } from './training';
export { stepsOf, windowOffset, windowStepMin } from './windowStep';
export type * from './types';
