import type { Warning } from '../domain/findings';

export type PlotFormat = 'png' | 'svg';

/** One finished picture. `label` and `side` are null for the two combined figures. */
export interface RenderedPlot {
  /** key of http-api route 21: `input_<label>`, `time_<column>`, `output_<label>`, `input_violin_plot`, `output_violin_plot` */
  name: string;
  side: 'input' | 'time' | 'output' | null;
  /** IN1 …, OUT1 … */
  label: string | null;
  mime: 'image/png' | 'image/svg+xml';
  image: Buffer;
}

export interface ViolinSet {
  plots: RenderedPlot[];
  warnings: Warning[];
}
