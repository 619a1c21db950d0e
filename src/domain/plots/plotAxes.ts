import type { TestSetPlotSettings } from '../settings';
import { columnColor } from './colors';

/** One y-axis of a subplot. */
export interface PlotAxis {
  side: 'left' | 'right';
  /** place on its side, counted from the plot area: 0 touches it */
  place: number;
  /** of its lines; null for an axis that all lines share */
  color: string | null;
}

/**
 * The y-axes of a test-set plot (pipeline.md 16.3, item 6): one for all lines, or one per input column and per output, a forecast
 * sharing that of its output. The first max(1, floor(n/2)) stand left, the rest right.
 *
 * @param inputColumns  number of all input columns; the colour of output j is that of column inputColumns + j
 * @returns the axes, and for the colour index of a column the axis its lines use
 */
export function assignAxes(
  { yAxes, selection }: Pick<TestSetPlotSettings, 'yAxes' | 'selection'>,
  inputColumns: number,
): { axes: PlotAxis[]; axisOf: (column: number) => number } {
  if (yAxes === 'shared') return { axes: [{ side: 'left', place: 0, color: null }], axisOf: () => 0 };
  const outputs = [...new Set([...selection.output, ...selection.forecast])].sort((a, b) => a - b);
  const columns = [...selection.input, ...outputs.map((output) => inputColumns + output)];
  const left = Math.max(1, Math.floor(columns.length / 2));
  const axes = columns.map((column, k): PlotAxis => {
    const color = columnColor(column);
    return k < left ? { side: 'left', place: k, color } : { side: 'right', place: k - left, color };
  });
  return { axes, axisOf: (column) => columns.indexOf(column) };
}
