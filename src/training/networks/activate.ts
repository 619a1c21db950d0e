import type { Tensor } from '@tensorflow/tfjs';
import type { Activation } from '../../domain/settings/types';
import type { LayerOps } from '../backends/types';

/** Keras's definitions: softmax over the last axis, exact (erf) gelu. */
export function activate(ops: Pick<LayerOps, 'tf' | 'relu'>, activation: Activation, x: Tensor): Tensor {
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
