/** Entry of the worker thread that draws violins: drawing takes longer than a request may hold up the event loop. */
import { openDataset } from '../../domain/dataset';
import { dataUri, renderViolins } from '../../plots';
import type { PlotFormat } from '../../plots';
import type { Violin } from '../presenters/types';
import type { DatasetObjects } from '../datasets';

export interface ViolinTask extends DatasetObjects {
  /** CSV header of the value column per series, in the order of the settings */
  columnHeaders: (string | null)[];
  format: PlotFormat;
}

export default function drawViolins({ manifest, columns, columnHeaders, format }: ViolinTask): Violin[] {
  const { plots } = renderViolins(openDataset(manifest, columns), columnHeaders, format);
  return plots.map((plot) => ({ name: plot.name, side: plot.side, label: plot.label, data: dataUri(plot) }));
}
