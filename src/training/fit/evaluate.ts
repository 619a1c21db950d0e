import { PREDICT_BATCH } from '../backends';
import type { TrainableNetwork } from '../backends';

/** Windows that are forecast as a whole: scaled, float32, row-major. */
export interface HeldOutWindows {
  count: number;
  inputs: Float32Array;
  outputs: Float32Array;
}

/** Windows forecast between two pauses: whole batches of the back end, so that a pause changes no number. */
const CHUNK = 4 * PREDICT_BATCH;

/** Mean squared error over all elements, summed in float64. */
export const meanSquaredError = (forecast: ArrayLike<number>, truth: ArrayLike<number>): number =>
  addSquaredErrors(0, forecast, truth) / truth.length;

/** Loss of the network on windows it is not trained on. */
export const evaluate = (network: TrainableNetwork, { inputs, outputs, count }: HeldOutWindows): number =>
  meanSquaredError(network.predict(inputs, count), outputs);

/** The same number as {@link evaluate}. @param pause called between two chunks; when it returns a promise, it is awaited */
export async function evaluateWithPauses(
  network: TrainableNetwork,
  { inputs, outputs, count }: HeldOutWindows,
  pause: () => Promise<void> | void,
): Promise<number> {
  const [inputSize, outputSize] = [inputs.length / count, outputs.length / count];
  let sum = 0;
  for (let first = 0; first < count; first += CHUNK) {
    const last = Math.min(count, first + CHUNK);
    const forecast = network.predict(inputs.subarray(first * inputSize, last * inputSize), last - first);
    sum = addSquaredErrors(sum, forecast, outputs.subarray(first * outputSize, last * outputSize));
    const paused = pause();
    if (paused) await paused;
  }
  return sum / outputs.length;
}

function addSquaredErrors(sum: number, forecast: ArrayLike<number>, truth: ArrayLike<number>): number {
  for (let i = 0; i < truth.length; i++) sum += (forecast[i]! - truth[i]!) ** 2;
  return sum;
}
