import type { Network } from '../networks';
import { arraySamples } from './samples';
import type { NetworkBackend } from './types';

/** y = w·x + b with one weight. */
const NETWORK: Network = {
  name: 'self_test',
  shape: { inputSteps: 1, inputFeatures: 1, outputSteps: 1, outputFeatures: 1 },
  layers: [
    { kind: 'flatten', name: 'flatten' },
    { kind: 'dense', name: 'dense', inputs: 1, units: 1, activation: 'linear' },
  ],
  weights: [
    { name: 'dense/kernel', shape: [1, 1], initializer: { kind: 'constant', value: 0 } },
    { name: 'dense/bias', shape: [1], initializer: { kind: 'constant', value: 0 } },
  ],
};

/**
 * One training step whose numbers are known: from w = 2, b = 1 the windows (x, y) = (1, 1) and (2, 3) are forecast as 3 and 5,
 * the loss is (2² + 2²)/2 = 4, both gradients are positive, and the first Adam update moves each weight by −0.001.
 * @throws Error when the back end calculates something else
 */
export function selfTest(backend: NetworkBackend): void {
  const network = backend.create(NETWORK, [Float32Array.of(2), Float32Array.of(1)], arraySamples([1, 2], 1, [1, 3], 1));
  try {
    const loss = network.trainBatch(Int32Array.of(0, 1));
    const [kernel, bias] = network.readWeights();
    const [forecast] = network.predict(Float32Array.of(10), 1);
    const deviations = [loss - 4, kernel![0]! - 1.999, bias![0]! - 0.999, forecast! - 20.989];
    if (!deviations.every((deviation) => Math.abs(deviation) < 1e-5))
      throw new Error(`the ${backend.info.name} back end fails its self test`);
  } finally {
    network.dispose();
  }
}
