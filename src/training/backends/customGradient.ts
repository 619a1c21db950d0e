import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from './types';

/**
 * A function of tensors with a gradient of its own: `tf.customGrad` with the types it means.
 *
 * @param forward  computes the value; what it hands to `save` is kept for the gradient
 * @param backward gradients for all inputs, given the value's gradient and the saved tensors
 */
export function customGradient<Inputs extends Tensor[], Saved extends Tensor[]>(
  tf: TensorFlow,
  forward: (inputs: Inputs, save: (...tensors: Saved) => void) => Tensor,
  backward: (dy: Tensor, saved: Saved) => Tensor[],
): (...inputs: Inputs) => Tensor {
  return tf.customGrad((...given) => {
    const save = given.pop() as unknown as (tensors: Saved) => void;
    const value = forward(given as unknown as Inputs, (...tensors) => save(tensors));
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => backward(dy, saved as Saved) };
  });
}
