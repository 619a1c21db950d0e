export type { PlotFormat, RenderedPlot, ViolinSet } from './types';
export { dataUri } from './dataUri';
export { renderViolins } from './violins';
