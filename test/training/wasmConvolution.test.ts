import type { Tensor4D } from '@tensorflow/tfjs';
import { openWasmBackend } from '../../src/training/backends/wasm';
import { sameConvolution } from '../../src/training/backends/wasm/convolution';
import type { TensorFlow } from '../../src/training/backends/types';

type Shape = [number, number, number, number];

/** Deterministic numbers around zero. */
const numbers = (count: number, phase: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + phase));
const size = (shape: Shape) => shape.reduce((product, length) => product * length, 1);

/** Loops over every term of the definition: Σ weight · (x convolved with k), and its derivatives. */
function naive(
  x: Float32Array,
  [batch, height, width, channels]: Shape,
  k: Float32Array,
  [rows, columns, , filters]: Shape,
  w: Float32Array,
) {
  const y = new Float64Array(batch * height * width * filters);
  const dx = new Float64Array(x.length);
  const dk = new Float64Array(k.length);
  const [top, left] = [Math.floor((rows - 1) / 2), Math.floor((columns - 1) / 2)];
  for (let n = 0; n < batch; n++)
    for (let h = 0; h < height; h++)
      for (let v = 0; v < width; v++)
        for (let a = 0; a < rows; a++)
          for (let b = 0; b < columns; b++) {
            const [row, column] = [h + a - top, v + b - left];
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            for (let i = 0; i < channels; i++)
              for (let o = 0; o < filters; o++) {
                const at = ((n * height + row) * width + column) * channels + i;
                const weight = ((a * columns + b) * channels + i) * filters + o;
                const cell = ((n * height + h) * width + v) * filters + o;
                y[cell]! += x[at]! * k[weight]!;
                dx[at]! += w[cell]! * k[weight]!;
                dk[weight]! += w[cell]! * x[at]!;
              }
          }
  return { y, dx, dk };
}

describe('convolution in WebAssembly', () => {
  let tf: TensorFlow;
  beforeAll(async () => {
    await openWasmBackend();
    tf = await import('@tensorflow/tfjs');
  });

  it.each<[string, Shape, Shape]>([
    ['an odd kernel', [2, 6, 5, 3], [3, 3, 3, 4]],
    ['an even kernel, padded unevenly', [2, 6, 5, 2], [4, 4, 2, 3]],
    ['a single cell', [3, 4, 4, 2], [1, 1, 2, 5]],
    ['a kernel larger than the image', [1, 3, 2, 1], [5, 5, 1, 2]],
  ])('and its gradients for %s are those of the definition', (_what, xShape, kShape) => {
    const [x, k] = [numbers(size(xShape), 0), numbers(size(kShape), 1)];
    const w = numbers(xShape[0] * xShape[1] * xShape[2] * kShape[3], 2);
    const expected = naive(x, xShape, k, kShape, w);
    const convolve = sameConvolution(tf);
    const before = tf.memory().numTensors;
    const tensors = [tf.tensor4d(x, xShape), tf.tensor4d(k, kShape), tf.tensor4d(w, [xShape[0], xShape[1], xShape[2], kShape[3]])] as const;
    const y = convolve(tensors[0], tensors[1]);
    const [dx, dk] = tf.grads((...given) => tf.sum(convolve(given[0] as Tensor4D, given[1] as Tensor4D).mul(tensors[2])))([
      tensors[0],
      tensors[1],
    ]);
    expectClose(y.dataSync<'float32'>(), expected.y);
    expectClose(dx!.dataSync<'float32'>(), expected.dx);
    expectClose(dk!.dataSync<'float32'>(), expected.dk);
    tf.dispose([...tensors, y, dx!, dk!]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

function expectClose(actual: Float32Array, expected: Float64Array): void {
  expect(actual).toHaveLength(expected.length);
  expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)))).toBeLessThan(1e-4);
}
