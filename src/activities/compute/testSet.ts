import { open } from 'node:fs/promises';
import type { ReadBytes } from '../../domain/artefacts';
import type { ScalerDocument } from '../../domain/scaling';
import type { TestSetPlotSettings } from '../../domain/settings';
import type { SplitSettings } from '../../domain/settings/types';
import { chooseTestWindows, dataUri, plottedOutput, renderTestSet } from '../../plots';
import { readDataset } from './dataset';

export interface TestSetTask {
  /** manifest.json and columns.bin of the run's dataset */
  datasetDir: string;
  /** the run's test_data.npz */
  arraysFile: string;
  scalers: ScalerDocument;
  split: SplitSettings;
  plot: TestSetPlotSettings;
}

export interface TestSetPicture {
  /** data URI */
  data: string;
  seed: number;
  /** µs since 1970, in the order of the subplots */
  refTimes: number[];
}

/** Draws test windows of a run with its stored forecasts (pipeline.md 16.3). */
export async function drawTestSet({ datasetDir, arraysFile, scalers, split, plot }: TestSetTask): Promise<TestSetPicture> {
  const dataset = await readDataset(datasetDir);
  const file = await open(arraysFile);
  const readArrays: ReadBytes = async (offset, length) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
  try {
    const run = { windowCount: dataset.windowCount, output: plottedOutput(dataset.output), split, scalers, readArrays };
    const chosen = await chooseTestWindows(run, plot);
    const picture = renderTestSet(dataset, chosen, plot);
    return { data: dataUri(picture), seed: chosen.seed, refTimes: Array.from(chosen.windows, (window) => dataset.refTimes[window] ?? NaN) };
  } finally {
    await file.close();
  }
}
