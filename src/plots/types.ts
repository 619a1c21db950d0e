import type { Warning } from '../domain/findings';

export type PlotFormat = 'png' | 'svg';

/** A finished picture. */
export interface Picture {
  mime: 'image/png' | 'image/svg+xml';
  image: Buffer;
}

/** One picture of a set. `label` and `side` are null for the two combined figures. */
export interface RenderedPlot extends Picture {
  /** key of http-api route 21: `input_<label>`, `time_<column>`, `output_<label>`, `input_violin_plot`, `output_violin_plot` */
  name: string;
  side: 'input' | 'time' | 'output' | null;
  /** IN1 …, OUT1 … */
  label: string | null;
}

export interface ViolinSet {
  plots: RenderedPlot[];
  warnings: Warning[];
}
