import { randomInt } from 'node:crypto';
import { readNpzRows } from '../domain/artefacts';
import type { ReadBytes } from '../domain/artefacts';
import { drawTestSample } from '../domain/plots';
import type { DrawnWindows } from '../domain/plots';
import type { WindowBlock } from '../domain/dataset/types';
import type { ScalerDocument } from '../domain/scaling';
import type { TestSetPlotSettings } from '../domain/settings';
import type { SplitSettings } from '../domain/settings/types';

/** A run as far as its test-set plot needs it. */
export interface PlottedRun {
  /** n_dat of its dataset */
  windowCount: number;
  /** `metadata` of the result document has both as I_N/O_N and `output_features` */
  output: { steps: number; columns: number };
  split: SplitSettings;
  scalers: ScalerDocument;
  /** its test_data.npz */
  readArrays: ReadBytes;
}

/** What was chosen: a request with this seed draws the same picture. */
export interface ChosenWindows extends DrawnWindows {
  windows: Int32Array;
  /** rows of the run's arrays */
  positions: Int32Array;
  seed: number;
}

/** Seeds are 32-bit numbers (pipeline.md 12). */
const SEEDS = 2 ** 32;

/**
 * Chooses the test windows and fetches their stored scaled forecasts, nothing else of the run's arrays. Input and output only, hardly any
 * work: it may run on an event loop; {@link renderTestSet} may not.
 *
 * @throws RangeError when the arrays are not those of this run and dataset
 */
export async function chooseTestWindows(run: PlottedRun, settings: TestSetPlotSettings): Promise<ChosenWindows> {
  const seed = settings.seed ?? randomInt(SEEDS);
  const { positions, windows, testCount } = drawTestSample(run.windowCount, run.split, settings.subplots, seed);
  const chosen = { windows, positions, seed, scalers: run.scalers };
  if (settings.selection.forecast.length === 0) return { ...chosen, forecast: new Float64Array() };
  const { shape, values } = (await readNpzRows(run.readArrays, ['y_pred'], positions)).y_pred;
  const expected = [testCount, run.output.steps, run.output.columns];
  if (shape.join() !== expected.join()) throw new RangeError(`y_pred is ${shape.join('×')}, the run’s test part ${expected.join('×')}`);
  return { ...chosen, forecast: values };
}

/** The part of {@link PlottedRun} that a dataset knows. */
export const plottedOutput = ({ steps, columns }: WindowBlock): PlottedRun['output'] => ({ steps, columns: columns.length });
