import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Activation } from '../../domain/settings/types';
import { activate } from '../networks';
import type { LayerOps } from './types';

/**
 * LSTM step by step, from ordinary operations: works on every back end and with every activation.
 *
 *     (i, f, g, o) = (σ, σ, φ, σ)(x_t·W + h_(t−1)·U + b);  c_t = f∘c_(t−1) + i∘g;  h_t = o∘φ(c_t)
 *
 * @param x batch × steps × inputs
 * @param kernel W, inputs × 4·units; gates in the order i, f, g, o
 * @param recurrentKernel U, units × 4·units
 * @param bias b, 4·units
 * @returns h of all steps, batch × steps × units
 */
export function stepwiseLstm(
  ops: Pick<LayerOps, 'tf' | 'relu' | 'dense'>,
  x: Tensor3D,
  kernel: Tensor2D,
  recurrentKernel: Tensor2D,
  bias: Tensor1D,
  activation: Activation,
): Tensor3D {
  const { tf } = ops;
  const [batch] = x.shape;
  const [units] = recurrentKernel.shape;
  let h: Tensor = tf.zeros([batch, units]);
  let c: Tensor = tf.zeros([batch, units]);
  const steps = tf.unstack(ops.dense(x, kernel, bias), 1).map((fromInput) => {
    const gates = tf.add(fromInput, tf.matMul(h, recurrentKernel));
    const [i, f, g, o] = tf.split(gates, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), activate(ops, activation, g)));
    h = tf.mul(tf.sigmoid(o), activate(ops, activation, c));
    return h;
  });
  return tf.stack(steps, 1) as Tensor3D;
}
