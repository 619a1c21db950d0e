import type { RenderedPlot } from './types';

/** The form in which pictures are stored and answered. */
export const dataUri = (plot: RenderedPlot): string => `data:${plot.mime};base64,${plot.image.toString('base64')}`;
