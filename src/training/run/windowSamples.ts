import { copyScaled } from '../../domain/scaling';
import type { Samples } from '../backends';
import type { HeldOutWindows } from '../fit';
import type { ProblemShape } from '../networks';
import type { Problem } from './problem';

/** Scaled windows straight from the dataset's columns: nothing is materialised but what the reader asks for. */
export function windowSamples({ dataset, scalers }: Problem, windows: Int32Array): Samples {
  return {
    count: windows.length,
    readInputs: (first, count, out) => copyScaled(dataset.input, scalers.input, windows.subarray(first, first + count), out),
    readOutputs: (first, count, out) => copyScaled(dataset.output, scalers.output, windows.subarray(first, first + count), out),
  };
}

/** Inputs of some windows as rows of single-step models: (window, step) × feature, float64. */
export function scaledRows({ dataset: { input }, scalers }: Problem, windows: Int32Array): Float64Array {
  const x = new Float64Array(windows.length * input.steps * input.columns.length);
  copyScaled(input, scalers.input, windows, x);
  return x;
}

/** Windows that are read in every epoch, as arrays. */
export function materialise(samples: Samples, shape: ProblemShape): HeldOutWindows {
  const inputs = new Float32Array(samples.count * shape.inputSteps * shape.inputFeatures);
  const outputs = new Float32Array(samples.count * shape.outputSteps * shape.outputFeatures);
  samples.readInputs(0, samples.count, inputs);
  samples.readOutputs(0, samples.count, outputs);
  return { count: samples.count, inputs, outputs };
}

export const shapeOf = ({ dataset: { input, output } }: Problem): ProblemShape => ({
  inputSteps: input.steps,
  inputFeatures: input.columns.length,
  outputSteps: output.steps,
  outputFeatures: output.columns.length,
});
