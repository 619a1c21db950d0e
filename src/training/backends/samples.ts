import type { Samples } from './types';

/** Samples that lie in two arrays already: float32 or float64, row-major, `inputSize` and `outputSize` values per window. */
export function arraySamples(inputs: ArrayLike<number>, inputSize: number, outputs: ArrayLike<number>, outputSize: number): Samples {
  const copy = (source: ArrayLike<number>, size: number) => (first: number, count: number, out: Float32Array) => {
    for (let i = 0; i < count * size; i++) out[i] = source[first * size + i]!;
  };
  return { count: outputs.length / outputSize, readInputs: copy(inputs, inputSize), readOutputs: copy(outputs, outputSize) };
}

/** For a network that is not trained. */
export const NOTHING: Samples = arraySamples([], 1, [], 1);
