import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { customGradient } from '../customGradient';
import type { TensorFlow } from '../types';

/**
 * Convolution with stride 1 and 'same' padding, and its gradients from kernels that WebAssembly has: it lacks the one for the filter.
 *
 *     y[h, w, o]       = Σ x[h + a − t, w + b − l, i] · k[a, b, i, o]     (t, l = rows, columns of padding before)
 *     dx               = the same convolution of dy with k turned by 180° and its channels exchanged
 *     dk[a, b, i, o]   = Σ x[h + a − t, w + b − l, i] · dy[h, w, o]       one matrix product for each a, b
 *
 * @returns (x batch × height × width × channels, kernel rows × columns × channels × filters) → batch × height × width × filters
 */
export function sameConvolution(tf: TensorFlow): (x: Tensor4D, kernel: Tensor4D) => Tensor4D {
  const run = customGradient<[Tensor4D, Tensor4D], [Tensor4D, Tensor4D]>(
    tf,
    ([x, kernel], save) => {
      save(x, kernel);
      return tf.conv2d(x, kernel, 1, 'same');
    },
    (dy, [x, kernel]) => [inputGradient(tf, dy as Tensor4D, kernel), kernelGradient(tf, x, dy as Tensor4D, kernel.shape)],
  );
  return (x, kernel) => run(x, kernel) as Tensor4D;
}

function inputGradient(tf: TensorFlow, dy: Tensor4D, kernel: Tensor4D): Tensor4D {
  const [rows, columns] = kernel.shape;
  const padded = tf.pad4d(dy, [[0, 0], turned(padding(rows)), turned(padding(columns)), [0, 0]]);
  return tf.conv2d(padded, tf.reverse4d(kernel, [0, 1]).transpose<Tensor4D>([0, 1, 3, 2]), 1, 'valid');
}

function kernelGradient(tf: TensorFlow, x: Tensor4D, dy: Tensor4D, kernelShape: Tensor4D['shape']): Tensor {
  const [rows, columns, channels, filters] = kernelShape;
  const [batch, height, width] = x.shape;
  const padded = tf.pad4d(x, [[0, 0], padding(rows), padding(columns), [0, 0]]);
  const gradient = dy.reshape<Tensor2D>([-1, filters]);
  const products: Tensor2D[] = [];
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < columns; b++) {
      const product = tf.tidy(() => {
        const seen = tf.slice4d(padded, [0, a, b, 0], [batch, height, width, channels]).reshape<Tensor2D>([-1, channels]);
        return tf.matMul<Tensor2D>(seen, gradient, true, false);
      });
      products.push(product);
    }
  }
  return tf.concat(products, 0).reshape([...kernelShape]);
}

/** TensorFlow's 'same' with stride 1: an even kernel's odd row of padding comes after. */
const padding = (size: number): [before: number, after: number] => [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
const turned = ([before, after]: [number, number]): [number, number] => [after, before];
