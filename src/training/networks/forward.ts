import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Activation } from '../../domain/settings/types';
import type { LayerOps } from '../backends/types';
import { outputSize } from './types';
import type { Network } from './types';

/**
 * The network's forecast for one batch.
 *
 * @param weights in the network's weight order
 * @param input   batch × steps × features
 * @returns batch × (output steps · output features), row-major (time, feature)
 */
export function forward(ops: LayerOps, network: Network, weights: readonly Tensor[], input: Tensor): Tensor2D {
  const batch = input.shape[0];
  let used = 0;
  const next = (): Tensor => {
    const tensor = weights[used++];
    if (!tensor) throw new RangeError(`the network has more weights than the ${weights.length} given`);
    return tensor;
  };
  let x: Tensor = input;
  for (const layer of network.layers) {
    switch (layer.kind) {
      case 'flatten':
        x = x.reshape([batch, -1]);
        break;
      case 'dense': {
        const kernel = next() as Tensor2D;
        const bias = next() as Tensor1D;
        x = activate(ops, layer.activation, ops.dense(x as Tensor2D, kernel, bias));
        break;
      }
      case 'reshape':
        break; // only the outside sees steps and features; loss and forecasts work on the flat row
    }
  }
  return x.reshape([batch, outputSize(network)]);
}

/** Keras's definitions: softmax over the last axis, exact (erf) gelu. */
function activate(ops: LayerOps, activation: Activation, x: Tensor): Tensor {
  const { tf } = ops;
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return ops.relu(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'tanh':
      return tf.tanh(x);
    case 'softmax':
      return tf.softmax(x);
    case 'elu':
      return tf.elu(x);
    case 'selu':
      return tf.selu(x);
    case 'softplus':
      return tf.softplus(x);
    case 'softsign':
      return tf.div(x, tf.add(tf.abs(x), 1));
    case 'swish':
      return tf.mul(x, tf.sigmoid(x));
    case 'gelu':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
  }
}
