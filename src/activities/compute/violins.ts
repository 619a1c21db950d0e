import { dataUri, renderViolins } from '../../plots';
import type { VisualizationRow } from '../../store';
import { readDataset } from './dataset';

export interface ViolinTask {
  datasetDir: string;
  /** CSV header of the value column per series, in the order of the settings */
  columnHeaders: (string | null)[];
}

export type ViolinPlot = Omit<VisualizationRow, 'created_at' | 'dataset_hash'>;

/** Draws the distributions of all columns as PNG, in the form the rows have. */
export async function drawViolins({ datasetDir, columnHeaders }: ViolinTask): Promise<ViolinPlot[]> {
  const { plots, warnings } = renderViolins(await readDataset(datasetDir), columnHeaders);
  return plots.map((plot) => ({
    plot_name: plot.name,
    image_data: dataUri(plot),
    plot_type: 'violin_plot',
    label: plot.label,
    side: plot.side,
    plot_metadata: { warnings },
  }));
}
