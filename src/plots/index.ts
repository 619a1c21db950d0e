export type { Picture, PlotFormat, RenderedPlot, ViolinSet } from './types';
export { dataUri } from './dataUri';
export { renderTestSet } from './testSet';
export { renderViolins } from './violins';
