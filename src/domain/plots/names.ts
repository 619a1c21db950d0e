import type { WindowDataset } from '../dataset/types';

/** One picture's place in the answer of route 21: key, side and label. */
export interface PlotName {
  /** `input_<label>`, `time_<column>`, `output_<label>`; space and `/` become `_`, a repeated key gets `_2`, `_3` … */
  name: string;
  side: 'input' | 'time' | 'output';
  /** IN1 … through the files and on through the time columns; OUT1 … through the outputs */
  label: string;
  column: string;
}

/** Keys of the two combined figures; a column's own key never takes them. */
export const COMBINED_PLOTS = { input: 'input_violin_plot', output: 'output_violin_plot' } as const;

/** Names of all single plots: input columns in array order, then outputs (pipeline.md 16.2 "Keys"). */
export function plotNames(dataset: Pick<WindowDataset, 'input' | 'output'>): { input: PlotName[]; output: PlotName[] } {
  const taken = new Set<string>(Object.values(COMBINED_PLOTS));
  const unique = (key: string): string => {
    let name = key;
    for (let n = 2; taken.has(name); n++) name = `${key}_${n}`;
    taken.add(name);
    return name;
  };
  const named = (side: PlotName['side'], column: string, label: string): PlotName => ({
    name: unique(`${side}_${column.replace(/[ /]/g, '_')}`),
    side,
    label,
    column,
  });
  return {
    input: dataset.input.columns.map(({ kind, name }, k) => named(kind === 'time' ? 'time' : 'input', name, `IN${k + 1}`)),
    output: dataset.output.columns.map(({ name }, k) => named('output', name, `OUT${k + 1}`)),
  };
}
