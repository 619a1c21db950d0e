import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { customGradient } from '../customGradient';
import type { NativeTensorFlow } from './addon';
import type { NativeOps } from './ops';

/**
 * LSTM with tanh as one operation of TensorFlow for all steps, and one for its gradient; a few hundred times fewer than step by step.
 * BlockLSTMV2 has the gates in Keras's order i, f, c, o (its first version had not).
 */
export function blockLstm(
  { tf }: NativeTensorFlow,
  ops: NativeOps,
): (x: Tensor3D, kernel: Tensor2D, recurrentKernel: Tensor2D, bias: Tensor1D) => Tensor3D {
  const noPeephole = ops.flag('use_peephole', false);
  const noClipping = ops.real('cell_clip', 0);

  /** x is steps × batch × inputs, w the input kernel above the recurrent one */
  const allSteps = customGradient<[x: Tensor3D, w: Tensor2D, b: Tensor1D], [x: Tensor3D, ...others: Tensor[]]>(
    tf,
    ([x, w, b], save) => {
      const [steps, batch] = x.shape;
      const units = b.size / 4;
      const first = tf.zeros([batch, units]);
      const peephole = tf.zeros([units]);
      const others = [first, first, w, peephole, peephole, peephole, b];
      const outputs = ops.runMany('BlockLSTMV2', [{ int64: steps }, x, ...others], 7, [noPeephole, noClipping]);
      save(x, ...others, ...outputs);
      return outputs[6]!.clone();
    },
    (dh, [x, ...others]) => {
      const inputs = [{ int64: x.shape[0] }, x, ...others, tf.zerosLike(dh), dh];
      const gradients = ops.runMany('BlockLSTMGradV2', inputs, 8, [noPeephole]);
      return [gradients[0]!, gradients[3]!, gradients[7]!];
    },
  );
  return (x, kernel, recurrentKernel, bias) => {
    const h = allSteps(tf.transpose(x, [1, 0, 2]), tf.concat([kernel, recurrentKernel]), bias);
    return tf.transpose<Tensor3D>(h as Tensor3D, [1, 0, 2]);
  };
}
