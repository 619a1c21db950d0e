import type { Scalar, Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import { customGradient } from '../customGradient';
import { stepwiseLstm } from '../stepwiseLstm';
import type { LayerOps } from '../types';
import type { NativeTensorFlow } from './addon';
import { blockLstm } from './blockLstm';
import { NativeOps } from './ops';

/**
 * Layers, loss and their gradients as exactly the operations that Keras's training graph contains, in the same order.
 * A formula that differs in one rounding is not good enough: a unit that crosses the zero of a ReLU for one sample lets
 * the weights of two runs part after a few steps.
 */
export function exactOps(native: NativeTensorFlow): LayerOps {
  const { tf } = native;
  const ops = new NativeOps(native);
  const channelsLast = ops.text('data_format', 'NHWC');
  const product = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor2D =>
    ops.run('MatMul', [a, b], [ops.flag('transpose_a', transposeA), ops.flag('transpose_b', transposeB)]) as Tensor2D;

  const matMul = customGradient<[Tensor, Tensor], [Tensor, Tensor]>(
    tf,
    ([x, kernel], save) => {
      save(x, kernel);
      return product(x, kernel);
    },
    (dy, [x, kernel]) => [product(dy, kernel, false, true), product(x, dy, true, false)],
  );
  const biasAdd = customGradient<[Tensor, Tensor], []>(
    tf,
    ([x, bias]) => ops.run('BiasAdd', [x, bias], [channelsLast]),
    (dy) => [dy, ops.run('BiasAddGrad', [dy], [channelsLast])],
  );
  const relu = customGradient<[Tensor], [Tensor]>(
    tf,
    ([x], save) => {
      const value = ops.run('Relu', [x]);
      save(value);
      return value;
    },
    (dy, [value]) => [ops.run('ReluGrad', [dy, value])],
  );
  /** Mean over the features, then over windows and steps; its gradient is (1/(windows·steps)/features)·(2·difference). */
  const meanSquaredError = customGradient<[Tensor3D, Tensor3D], [Tensor3D]>(
    tf,
    ([forecast, truth], save) => {
      const difference = tf.sub<Tensor3D>(forecast, truth);
      save(difference);
      const [windows, steps] = difference.shape;
      return tf.divNoNan(tf.sum(tf.mean(tf.square(difference), -1)), windows * steps);
    },
    (_dy, [difference]) => {
      const [windows, steps, features] = difference.shape;
      const gradient = difference.mul(2 * Math.fround(Math.fround(1 / (windows * steps)) / features));
      return [gradient, gradient.neg()];
    },
  );

  // Keras adds a single bias as any other number, which sums its gradient in another order than BiasAddGrad does
  const withBias = (x: Tensor, bias: Tensor): Tensor => (bias.size === 1 ? tf.add(x, bias) : biasAdd(x, bias));
  const dense: LayerOps['dense'] = (x, kernel, bias) => {
    const [inputs, units] = kernel.shape;
    if (x.rank === 2) return withBias(matMul(x, kernel), bias);
    const rows = matMul(x.reshape([-1, inputs]), kernel);
    return withBias(rows.reshape([...x.shape.slice(0, -1), units]), bias);
  };
  const lstm = blockLstm(native, ops);
  return {
    tf,
    dense,
    conv2d: (x, kernel, bias) => withBias(tf.conv2d(x, kernel, 1, 'same'), bias) as Tensor4D,
    lstm: (x, kernel, recurrentKernel, bias, activation) =>
      activation === 'tanh'
        ? lstm(x, kernel, recurrentKernel, bias)
        : stepwiseLstm({ tf, dense, relu, matMul: product }, x, kernel, recurrentKernel, bias, activation),
    relu,
    meanSquaredError: (forecast, truth) => meanSquaredError(forecast, truth) as Scalar,
  };
}
