export type { Picture, PlotFormat, RenderedPlot, ViolinSet } from './types';
export { dataUri } from './dataUri';
export { chooseTestWindows, plottedOutput } from './chooseTestWindows';
export type { ChosenWindows, PlottedRun } from './chooseTestWindows';
export { readStoredWindows, storedDataset } from './storedWindows';
export type { DescribedBlock, DescribedWindows, StoredWindows } from './storedWindows';
export { renderTestSet } from './testSet';
export { renderViolins } from './violins';
