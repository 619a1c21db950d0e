import type { TrainableNetwork } from '../backends';

/** Windows that are forecast as a whole: scaled, float32, row-major. */
export interface HeldOutWindows {
  count: number;
  inputs: Float32Array;
  outputs: Float32Array;
}

/** Mean squared error over all elements, summed in float64. */
export function meanSquaredError(forecast: ArrayLike<number>, truth: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += (forecast[i]! - truth[i]!) ** 2;
  return sum / truth.length;
}

/** Loss of the network on windows it is not trained on. */
export const evaluate = (network: TrainableNetwork, { inputs, outputs, count }: HeldOutWindows): number =>
  meanSquaredError(network.predict(inputs, count), outputs);
