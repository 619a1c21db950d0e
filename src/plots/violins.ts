import type { ColumnWindows, WindowBlock, WindowDataset } from '../domain/dataset/types';
import type { Warning } from '../domain/findings';
import { COMBINED_PLOTS, columnColor, plotNames, violin } from '../domain/plots';
import type { PlotName } from '../domain/plots';
import { MIME, encode, inches } from './canvas';
import { composeFigure } from './figure';
import { drawViolinPanel } from './violinPanel';
import type { Panel } from './violinPanel';
import type { PlotFormat, RenderedPlot, ViolinSet } from './types';

const SINGLE = { width: inches(3), height: inches(6) };

/**
 * Violin plots of a dataset (pipeline.md 16.2): one figure per column and one combined figure per side. CPU-bound: call it in a worker thread.
 *
 * @param dataset  the built dataset
 * @param columnHeaders  CSV header of the value column per series, in the order of `dataset.settings.series`; y-label of the single figures
 */
export function renderViolins(dataset: WindowDataset, columnHeaders: readonly (string | null)[], format: PlotFormat = 'png'): ViolinSet {
  const names = plotNames(dataset);
  const warnings: Warning[] = [];
  const inputs = dataset.input.columns.length;
  const headers = {
    input: columnHeaders.slice(0, columnHeaders.length - names.output.length),
    output: columnHeaders.slice(-names.output.length),
  };
  const sides = (['input', 'output'] as const).map((side) => {
    const firstColor = side === 'input' ? 0 : inputs;
    const drawn = panels(dataset, dataset[side], names[side], headers[side], firstColor, warnings);
    const singles = drawn.map(({ name, panel }): RenderedPlot => {
      const image = encode(drawViolinPanel(panel, SINGLE.width, SINGLE.height, format));
      return { name: name.name, side: name.side, label: name.label, mime: MIME[format], image };
    });
    if (drawn.length === 0) return singles;
    const title = ['Datenverteilung', side === 'input' ? 'der Eingabedaten' : 'der Ausgabedaten'];
    const image = composeFigure(
      title,
      drawn.map(({ panel }) => ({ ...panel, yLabel: null })),
      format,
    );
    return [...singles, { name: COMBINED_PLOTS[side], side: null, label: null, mime: MIME[format], image }];
  });
  return { plots: sides.flat(), warnings };
}

/** The panels of one side; a column without a value has none and is named in the warnings. */
function panels(
  dataset: WindowDataset,
  block: WindowBlock,
  names: readonly PlotName[],
  headers: readonly (string | null)[],
  firstColor: number,
  warnings: Warning[],
): { name: PlotName; panel: Panel }[] {
  return block.columns.flatMap((column, k) => {
    const name = names[k];
    if (!name) return [];
    const values = columnValues(column, dataset.windowCount);
    if (values.length === 0) {
      warnings.push({ code: 'EMPTY_PLOT', message: `Column ${column.name} has no values: no plot`, context: { column: column.name } });
      return [];
    }
    const yLabel = column.kind === 'series' ? (headers[k] ?? null) : null;
    return [{ name, panel: { violin: violin(values), title: column.name, yLabel, color: columnColor(firstColor + k) } }];
  });
}

/** All window values of a column ("combined" array): windows × steps. */
function columnValues(column: ColumnWindows, windowCount: number): Float64Array {
  const values = new Float64Array(windowCount * column.steps);
  for (let w = 0; w < windowCount; w++) column.copyWindow(w, values, w * column.steps, 1);
  return values;
}
