import { readNpzRows } from '../domain/artefacts';
import type { ReadBytes } from '../domain/artefacts';
import type { PlottedDataset } from '../domain/plots';
import type { TestSetPlotSettings } from '../domain/settings';

/** Columns of one side in array order. */
export interface DescribedBlock {
  steps: number;
  columns: { name: string; kind: 'series' | 'time' }[];
}

/** What the windows of a run are; told by its result document. */
export interface DescribedWindows {
  settings: PlottedDataset['settings'];
  input: DescribedBlock;
  output: DescribedBlock;
}

/** Drawn windows out of a run's test_data.npz, in original units: (window, step, column); empty where no column of the side is drawn. */
export interface StoredWindows {
  input: Float64Array;
  output: Float64Array;
  /** µs */
  refTimes: Float64Array;
}

/**
 * Reads the windows of these rows, nothing else of the arrays.
 * @throws RangeError when the archive does not hold them
 */
export async function readStoredWindows(
  readArrays: ReadBytes,
  positions: Int32Array,
  { input, output }: TestSetPlotSettings['selection'],
): Promise<StoredWindows> {
  const sides = { X_orig: input.length > 0, y_orig: output.length > 0 };
  const names = (['X_orig', 'y_orig'] as const).filter((name) => sides[name]);
  const rows = await readNpzRows(readArrays, [...names, 'utc_ref'], positions);
  const valuesOf = (name: keyof typeof sides): Float64Array => (sides[name] ? rows[name].values : new Float64Array());
  return { input: valuesOf('X_orig'), output: valuesOf('y_orig'), refTimes: rows.utc_ref.values };
}

/**
 * The stored windows as a dataset of their own, in drawn order: a plot of a run needs neither its dataset nor the files it was built from,
 * which may have changed since.
 */
export function storedDataset({ settings, input, output }: DescribedWindows, stored: StoredWindows): PlottedDataset {
  const block = ({ steps, columns }: DescribedBlock, values: Float64Array): PlottedDataset['input'] => ({
    steps,
    columns: columns.map((column, index) => ({
      ...column,
      value: (window, step) => values[(window * steps + step) * columns.length + index] ?? NaN,
    })),
  });
  return { settings, refTimes: stored.refTimes, input: block(input, stored.input), output: block(output, stored.output) };
}
