import { copyOriginal, copyScaled } from '../domain/scaling';
import type { ScalerParameters, ScalerSide } from '../domain/scaling';
import type { WindowBlock } from '../domain/dataset';
import { formatUtc } from '../domain/series';
import type { Checks } from './checks';
import { compareArray } from './compareArray';
import { compareSeries } from './compareSeries';
import type { PreparedData } from './dataset';
import { shownName } from './names';
import { ofSize, sizeOf, TOLERANCE } from './tolerances';
import type { Expected, ExpectedScaler } from './types';

/** Everything of `expected.json` that does not need a model. */
export function compareDataset(checks: Checks, data: PreparedData, expected: Expected): void {
  const { dataset, scalers } = data;
  if (expected.series) compareSeries(checks, data, expected.series);
  compareReferenceTimes(checks, data, expected.reference_times);
  if (expected.n_dat !== undefined) checks.same('n_dat', dataset.windowCount, expected.n_dat);

  const input = original(dataset.input, dataset.windowCount);
  const output = original(dataset.output, dataset.windowCount);
  if (expected.input_array) compareArray(checks, 'input_array', dataset.input, input, expected.input_array);
  if (expected.output_array) compareArray(checks, 'output_array', dataset.output, output, expected.output_array);
  if (expected.combined_shapes) {
    checks.sameList('combined_shapes.input', combinedShape(dataset.input, dataset.windowCount), expected.combined_shapes.input);
    checks.sameList('combined_shapes.output', combinedShape(dataset.output, dataset.windowCount), expected.combined_shapes.output);
  }
  if (expected.scalers) {
    compareScalers(checks, 'scalers.input', dataset.input, scalers.input, expected.scalers.input);
    compareScalers(checks, 'scalers.output', dataset.output, scalers.output, expected.scalers.output);
  }
  compareSplit(checks, data, expected.split);
  const { scaled } = expected;
  if (scaled?.input)
    compareArray(checks, 'scaled.input', dataset.input, scaledCells(dataset.input, scalers.input, dataset.windowCount), scaled.input);
  if (scaled?.output) {
    compareArray(checks, 'scaled.output', dataset.output, scaledCells(dataset.output, scalers.output, dataset.windowCount), scaled.output);
  }
}

function compareReferenceTimes(checks: Checks, { dataset }: PreparedData, expected: Expected['reference_times']): void {
  if (!expected) return;
  const { first_candidate, range_end, candidates, kept } = expected;
  if (first_candidate !== undefined) checks.same('reference_times.first_candidate', formatUtc(dataset.firstCandidate), first_candidate);
  if (range_end !== undefined) checks.same('reference_times.range_end', formatUtc(dataset.rangeEnd), range_end);
  if (candidates !== undefined) checks.same('reference_times.candidates', dataset.candidateCount, candidates);
  if (kept) checks.sameList('reference_times.kept', Array.from(dataset.refTimes, formatUtc), kept);
}

function compareScalers(checks: Checks, name: string, block: WindowBlock, scalers: ScalerSide, expected: (ExpectedScaler | null)[]): void {
  checks.same(`${name} length`, block.columns.length, expected.length);
  for (const [column, want] of expected.entries()) {
    const got = scalers[column] ?? null;
    if (want === null || got === null) checks.same(`${name}[${column}]`, got, want);
    else compareScaler(checks, `${name}[${column}]`, got, want);
  }
}

function compareScaler(checks: Checks, name: string, got: ScalerParameters, want: ExpectedScaler): void {
  checks.same(`${name}.column`, shownName(got.name), want.column);
  const data = ofSize(TOLERANCE.value, sizeOf([want.data_min, want.data_max]));
  checks.close(`${name}.scale`, got.scale, want.scale, ofSize(TOLERANCE.value, 0));
  checks.close(`${name}.shift`, got.min, want.shift, TOLERANCE.value);
  checks.close(`${name}.data_min`, got.data_min, want.data_min, data);
  checks.close(`${name}.data_max`, got.data_max, want.data_max, data);
  checks.sameList(`${name}.target`, got.feature_range, want.target);
}

function compareSplit(checks: Checks, { dataset, parts }: PreparedData, expected: Expected['split']): void {
  if (!expected) return;
  const named = { train: parts.train, val: parts.validation, test: parts.test };
  for (const [name, windows] of Object.entries(named)) {
    const size = expected[name];
    if (size !== undefined) checks.same(`split.${name}`, windows.length, size);
    const times = expected[`${name}_utc`];
    if (times === undefined) continue;
    const ends =
      windows.length === 0 ? null : [windows[0]!, windows[windows.length - 1]!].map((window) => formatUtc(dataset.refTimes[window]!));
    if (Array.isArray(times) && ends) checks.sameList(`split.${name}_utc`, ends, times);
    else checks.same(`split.${name}_utc`, ends, times);
  }
}

const combinedShape = ({ steps, columns }: WindowBlock, windows: number) => [windows * steps, columns.length];

const allWindows = (count: number) => Int32Array.from({ length: count }, (_, window) => window);

function original(block: WindowBlock, windows: number): Float64Array {
  const cells = new Float64Array(windows * block.steps * block.columns.length);
  copyOriginal(block, allWindows(windows), cells);
  return cells;
}

function scaledCells(block: WindowBlock, scalers: ScalerSide, windows: number): Float64Array {
  const cells = new Float64Array(windows * block.steps * block.columns.length);
  copyScaled(block, scalers, allWindows(windows), cells);
  return cells;
}
