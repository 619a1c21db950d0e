import { Random, STREAM } from '../random';
import type { SplitSettings } from '../settings/types';
import { splitParts, splitSamples } from '../split';

/** Test windows of a run that a plot shows, in drawn order. */
export interface TestSample {
  /** indices within the test part: rows of the run's stored arrays */
  positions: Int32Array;
  /** the same windows in the dataset */
  windows: Int32Array;
  /** size of the test part */
  testCount: number;
}

/**
 * Draws min(subplots, n_tst) distinct test windows by stream 5 (pipeline.md 16.3, item 2).
 *
 * @param windowCount  n_dat
 * @param split        that of the run
 */
export function drawTestSample(windowCount: number, split: SplitSettings, subplots: number, seed: number): TestSample {
  const { test } = splitParts(splitSamples(windowCount, split, { validation: false }));
  const positions = Random.stream(seed, STREAM.plotSamples).sample(Math.min(subplots, test.length), test.length);
  return { positions, windows: positions.map((position) => test[position]!), testCount: test.length };
}

/** Rows and columns of n ≥ 1 subplots: as near to a square as can be, rather wider than higher. */
export function subplotGrid(count: number): { rows: number; columns: number } {
  const columns = Math.ceil(Math.sqrt(count));
  return { rows: Math.ceil(count / columns), columns };
}
