/** Entry of the worker thread that draws test windows. */
import { openDataset } from '../../domain/dataset';
import type { TestSetPlotSettings } from '../../domain/settings';
import { dataUri, renderTestSet } from '../../plots';
import type { ChosenWindows } from '../../plots';
import type { DatasetObjects } from '../datasets';

export interface TestSetTask extends DatasetObjects {
  chosen: ChosenWindows;
  plot: TestSetPlotSettings;
}

export interface DrawnTestSet {
  /** data URI */
  data: string;
  /** µs since 1970, in the order of the subplots */
  refTimes: number[];
}

export default function drawTestSet({ manifest, columns, chosen, plot }: TestSetTask): DrawnTestSet {
  const dataset = openDataset(manifest, columns);
  const data = dataUri(renderTestSet(dataset, chosen, plot));
  return { data, refTimes: Array.from(chosen.windows, (window) => dataset.refTimes[window] ?? NaN) };
}
