import { PipelineError } from '../findings';
import { indices } from '../indices';
import { Random, STREAM } from '../random';
import type { ModelSettings, SplitSettings } from '../settings/types';

/** Sample order and the sizes of its three contiguous parts: train, then validation, then test. */
export interface SampleSplit {
  /** window indices in sample order, length n_dat */
  order: Int32Array;
  nTrain: number;
  nVal: number;
  nTest: number;
}

/** Parts that must not be empty besides train and test; `mode` only names the model in the refusal. */
export interface SplitNeeds {
  validation: boolean;
  mode?: string;
}

/** R of pipeline.md 0.4: nearest integer, a half goes to the even neighbour. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Sizes of pipeline.md 11; they add up to `nDat`. */
export function splitSizes(
  nDat: number,
  percentages: Pick<SplitSettings, 'trainPercentage' | 'valPercentage'>,
): { nTrain: number; nVal: number; nTest: number } {
  const nTrain = Math.min(roundHalfEven((percentages.trainPercentage / 100) * nDat), nDat);
  const nVal = Math.min(roundHalfEven((percentages.valPercentage / 100) * nDat), nDat - nTrain);
  return { nTrain, nVal, nTest: nDat - nTrain - nVal };
}

/** Neural modes stop early by the validation part; LIN and SVR never look at it. */
export function needsValidation(model: ModelSettings): boolean {
  return model.kind !== 'LIN' && model.kind !== 'SVR';
}

/**
 * Orders the windows and divides them (pipeline.md 11).
 *
 * @throws PipelineError SPLIT_TOO_FEW when a needed part would be empty
 */
export function splitSamples(nDat: number, split: SplitSettings, needs: SplitNeeds): SampleSplit {
  const sizes = splitSizes(nDat, split);
  refuseEmptyParts(nDat, sizes, needs);
  const order = split.random ? Random.stream(split.seed, STREAM.sampleOrder).permutation(nDat) : indices(nDat);
  return { order, ...sizes };
}

/** Window indices of the three parts, as views of the sample order. */
export function splitParts(split: SampleSplit): { train: Int32Array; validation: Int32Array; test: Int32Array } {
  const { order, nTrain, nVal } = split;
  return { train: order.subarray(0, nTrain), validation: order.subarray(nTrain, nTrain + nVal), test: order.subarray(nTrain + nVal) };
}

function refuseEmptyParts(nDat: number, sizes: Omit<SampleSplit, 'order'>, needs: SplitNeeds): void {
  const empty: string[] = [];
  if (sizes.nTrain < 1) empty.push('train');
  if (needs.validation && sizes.nVal < 1) empty.push('validation');
  if (sizes.nTest < 1) empty.push('test');
  if (empty.length === 0) return;
  const { nTrain, nVal, nTest } = sizes;
  const message =
    `${nDat} windows give ${nTrain} for training, ${nVal} for validation and ${nTest} for testing; ` +
    `${needs.mode ?? 'the model'} needs at least 1 in each of ${needs.validation ? 'the three parts' : 'train and test'}`;
  const context = { n_dat: nDat, n_train: nTrain, n_val: nVal, n_test: nTest, mode: needs.mode ?? '', empty, smallest_needed: 1 };
  throw new PipelineError([{ code: 'SPLIT_TOO_FEW', message, context }]);
}
