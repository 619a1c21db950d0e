export { columnColor, desaturate, outlineGrey } from './colors';
export { COMBINED_PLOTS, plotNames } from './names';
export type { PlotName } from './names';
export { DENSITY_SAMPLE, violin } from './violin';
export type { Violin } from './violin';
