import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { stepwiseLstm } from '../stepwiseLstm';
import type { LayerOps } from '../types';
import type { NativeTensorFlow, OpAttribute } from './addon';

/**
 * Layers, loss and their gradients as exactly the operations that Keras's training graph contains, in the same order.
 * A formula that differs in one rounding is not good enough: a unit that crosses the zero of a ReLU for one sample lets
 * the weights of two runs part after a few steps.
 */
export function exactOps({ tf, backend }: NativeTensorFlow): LayerOps {
  const addon = backend.binding;
  const float: OpAttribute = { name: 'T', type: addon.TF_ATTR_TYPE, value: addon.TF_FLOAT };
  const channelsLast: OpAttribute = { name: 'data_format', type: addon.TF_ATTR_STRING, value: 'NHWC' };
  const flag = (name: string, value: boolean): OpAttribute => ({ name, type: addon.TF_ATTR_BOOL, value });
  const run = (op: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[]): Tensor =>
    backend.executeSingleOutput(op, attributes, inputs);
  const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor2D =>
    run('MatMul', [float, flag('transpose_a', transposeA), flag('transpose_b', transposeB)], [a, b]) as Tensor2D;

  const matMul = tf.customGrad((x, kernel, save) => {
    const keep = save as unknown as (tensors: Tensor[]) => void;
    keep([x as Tensor, kernel as Tensor]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => [product(dy, saved[1]!, false, true), product(saved[0]!, dy, true, false)];
    return { value: product(x as Tensor, kernel as Tensor, false, false), gradFunc };
  });
  const biasAdd = tf.customGrad((x, bias) => ({
    value: run('BiasAdd', [float, channelsLast], [x as Tensor, bias as Tensor]),
    gradFunc: (dy: Tensor) => [dy, run('BiasAddGrad', [float, channelsLast], [dy])],
  }));
  const relu = tf.customGrad((x, save) => {
    const value = run('Relu', [float], [x as Tensor]);
    (save as unknown as (tensors: Tensor[]) => void)([value]);
    return { value, gradFunc: (dy: Tensor, [y]: Tensor[]) => run('ReluGrad', [float], [dy, y!]) };
  });
  // the gradient is diff·(2/size), one multiplication: Keras's graph has it so
  const meanSquaredError = tf.customGrad((forecast, truth, save) => {
    const difference = tf.sub(forecast as Tensor, truth as Tensor);
    (save as unknown as (tensors: Tensor[]) => void)([difference]);
    return {
      value: tf.mean(tf.square(difference)),
      gradFunc: (_dy: Tensor, [diff]: Tensor[]) => {
        const gradient = diff!.mul(2 / diff!.size);
        return [gradient, gradient.neg()];
      },
    };
  });

  const dense: LayerOps['dense'] = (x, kernel, bias) => {
    const [inputs, units] = kernel.shape;
    if (x.rank === 2) return biasAdd(matMul(x, kernel), bias);
    const product = matMul(x.reshape([-1, inputs]), kernel).reshape([...x.shape.slice(0, -1), units]);
    return biasAdd(product, bias);
  };
  return {
    tf,
    dense,
    conv2d: (x, kernel, bias) => biasAdd(tf.conv2d(x, kernel, 1, 'same'), bias) as Tensor4D,
    lstm: (...args) => stepwiseLstm({ tf, dense, relu }, ...args),
    relu: (x) => relu(x),
    meanSquaredError: (forecast, truth) => meanSquaredError(forecast, truth) as Scalar,
  };
}
