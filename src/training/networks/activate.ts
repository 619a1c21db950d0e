import type { Tensor } from '@tensorflow/tfjs';
import type { Activation } from '../../domain/settings/types';
import type { LayerOps } from '../backends/types';

/** Self-normalising networks, Klambauer et al. (2017): the constants λ and α of selu. */
const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };

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

/** Activations that treat every element by itself: all but softmax. */
export type ElementwiseActivation = Exclude<Activation, 'softmax'>;

/**
 * φ'(x) of every element.
 * @param y φ(x)
 */
export function derivative({ tf }: Pick<LayerOps, 'tf'>, activation: ElementwiseActivation, x: Tensor, y: Tensor): Tensor {
  switch (activation) {
    case 'linear':
      return tf.onesLike(x);
    case 'relu':
      return tf.step(x);
    case 'sigmoid':
      return tf.mul(y, tf.sub(1, y));
    case 'tanh':
      return tf.sub(1, tf.square(y));
    case 'elu': // eˣ = y + 1 below zero
      return tf.where(tf.greater(x, 0), tf.onesLike(x), tf.add(y, 1));
    case 'selu': // λ·α·eˣ = y + λ·α below zero
      return tf.where(tf.greater(x, 0), tf.fill(x.shape, SELU.scale), tf.add(y, SELU.scale * SELU.alpha));
    case 'softplus':
      return tf.sigmoid(x);
    case 'softsign':
      return tf.reciprocal(tf.square(tf.add(tf.abs(x), 1)));
    case 'swish': {
      const sigmoid = tf.sigmoid(x);
      return tf.add(sigmoid, tf.mul(y, tf.sub(1, sigmoid)));
    }
    case 'gelu': {
      // Φ(x) + x·density(x) of the normal distribution
      const probability = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
      const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.add(probability, tf.mul(x, density));
    }
  }
}
