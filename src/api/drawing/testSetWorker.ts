/** Entry of the worker thread that draws test windows. */
import type { TestSetPlotSettings } from '../../domain/settings';
import { dataUri, renderTestSet, storedDataset } from '../../plots';
import type { ChosenWindows, DescribedWindows, StoredWindows } from '../../plots';

export interface TestSetTask {
  described: DescribedWindows;
  stored: StoredWindows;
  chosen: ChosenWindows;
  plot: TestSetPlotSettings;
}

export interface DrawnTestSet {
  /** data URI */
  data: string;
  /** µs since 1970, in the order of the subplots */
  refTimes: number[];
}

export default function drawTestSet({ described, stored, chosen, plot }: TestSetTask): DrawnTestSet {
  const windows = stored.refTimes.map((_, index) => index); // they are all there is
  const data = dataUri(renderTestSet(storedDataset(described, stored), { ...chosen, windows }, plot));
  return { data, refTimes: [...stored.refTimes] };
}
