import type { WindowDataset } from '../domain/dataset/types';
import type { PlotFormat, ViolinSet } from './types';

/**
 * Violin plots of a dataset (pipeline.md 16.2): one figure per column and one combined figure per side. CPU-bound: call it in a worker thread.
 *
 * @param dataset  the built dataset
 * @param columnHeaders  CSV header of the value column per series, in the order of `dataset.settings.series`; y-label of the single figures
 */
export function renderViolins(dataset: WindowDataset, columnHeaders: readonly (string | null)[], format: PlotFormat = 'png'): ViolinSet {
  throw new Error(`not drawn yet: ${dataset.windowCount} ${columnHeaders.length} ${format}`);
}
