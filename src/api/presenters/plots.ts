import type { SessionRow, VisualizationRow } from '../../store';
import type { RenderedTestSet } from '../plots';
import type { OwnSession } from '../types';
import { isoTimeOrNull } from './time';
import type { Violin } from './types';

export interface ViolinBody {
  violin_plots: Record<string, { data: string; type: string | null; label: string }>;
  combined_violin_plots: { input_violin_plot: string | null; output_violin_plot: string | null };
}

export const storedViolin = (row: VisualizationRow): Violin => ({
  name: row.plot_name,
  side: row.side,
  label: row.label,
  data: row.image_data,
});

/** Single pictures by key, in column order (IN1, IN2 …, OUT1 …), and the combined one of each side. */
export function violinBody(violins: readonly Violin[]): ViolinBody {
  const combined = (name: string): string | null => violins.find((violin) => violin.label === null && violin.name === name)?.data ?? null;
  const singles = violins.flatMap((violin) => (violin.label === null ? [] : [{ ...violin, label: violin.label }])).sort(byColumn);
  return {
    violin_plots: Object.fromEntries(singles.map(({ name, data, side, label }) => [name, { data, type: side, label }])),
    combined_violin_plots: { input_violin_plot: combined('input_violin_plot'), output_violin_plot: combined('output_violin_plot') },
  };
}

/** Answer of GET /visualizations (http-api route 30). */
export function visualizationsBody(
  session: OwnSession,
  row: SessionRow | null,
  plots: readonly VisualizationRow[],
): Record<string, unknown> {
  const { violin_plots: violins, combined_violin_plots } = violinBody(plots.filter(isViolin).map(storedViolin));
  const others = plots
    .filter((plot) => !isViolin(plot))
    .map((plot) => [plot.plot_name, { data: plot.image_data, type: plot.plot_type, label: plot.label }]);
  const newest =
    plots
      .map((plot) => plot.created_at)
      .sort()
      .at(-1) ?? null;
  return {
    success: true,
    session_id: session.ref,
    plots: { ...violins, ...Object.fromEntries(others) },
    combined_violin_plots,
    metadata: Object.fromEntries(plots.flatMap((plot) => (plot.plot_metadata ? [[plot.plot_name, plot.plot_metadata]] : []))),
    created_at: isoTimeOrNull(newest),
    n_dat: row?.n_dat ?? null,
    message: 'Visualizations retrieved successfully',
  };
}

/** Answer of POST /generate-plot (http-api route 31). */
export const testSetBody = (session: OwnSession, { data, seed, refTimes }: RenderedTestSet): Record<string, unknown> => ({
  success: true,
  session_id: session.ref,
  plot_data: data,
  message: 'Plot generated successfully',
  seed,
  samples: refTimes.map((micros) => new Date(micros / 1000).toISOString()),
});

const isViolin = ({ plot_type: type }: VisualizationRow): boolean => type === 'violin_plot';

const byColumn = (a: { label: string }, b: { label: string }): number => side(a.label) - side(b.label) || number(a.label) - number(b.label);
const side = (label: string): number => (label.startsWith('IN') ? 0 : 1);
const number = (label: string): number => Number(label.replace(/^\D+/, ''));
