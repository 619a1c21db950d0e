import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Activation } from '../../src/domain/settings/types';
import { stepwiseLstm } from '../../src/training/backends/stepwiseLstm';
import { activate } from '../../src/training/networks';
import { ACTIVATIONS } from './support';

const [BATCH, INPUTS, UNITS] = [3, 2, 4];

/** The equations of an LSTM, gate by gate, differentiated by TensorFlow.js. */
function byTheBook(steps: number, x: Tensor, w: Tensor, u: Tensor, b: Tensor, activation: Activation): Tensor {
  const φ = (values: Tensor) => activate({ tf, relu: tf.relu }, activation, values);
  let [h, c]: [Tensor, Tensor] = [tf.zeros([BATCH, UNITS]), tf.zeros([BATCH, UNITS])];
  const all = Array.from({ length: steps }, (_, t) => {
    const input = x.slice([0, t, 0], [BATCH, 1, INPUTS]).reshape([BATCH, INPUTS]);
    const gate = (k: number) => {
      const columns = (matrix: Tensor, rows: number) => matrix.slice([0, k * UNITS], [rows, UNITS]);
      return tf.add(tf.add(tf.matMul(input, columns(w, INPUTS)), tf.matMul(h, columns(u, UNITS))), b.slice([k * UNITS], [UNITS]));
    };
    const [i, f, g, o] = [tf.sigmoid(gate(0)), tf.sigmoid(gate(1)), φ(gate(2)), tf.sigmoid(gate(3))];
    c = tf.add(tf.mul(f, c), tf.mul(i, g));
    h = tf.mul(o, φ(c));
    return h;
  });
  return tf.stack(all, 1);
}

describe('the LSTM step by step', () => {
  const wave = (shape: number[], phase: number): Tensor =>
    tf.tensor(
      Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => 1.3 * Math.sin(1.7 * i + phase)),
      shape,
    );
  const given = (steps: number) => [
    wave([BATCH, steps, INPUTS], 0),
    wave([INPUTS, 4 * UNITS], 1),
    wave([UNITS, 4 * UNITS], 2),
    wave([4 * UNITS], 3),
  ];

  beforeAll(() => tf.setBackend('cpu'));

  it.each([6, 1].flatMap((steps) => ACTIVATIONS.map((activation) => [steps, activation] as const)))(
    'of %i follows the equations with %s, and so do its gradients',
    (steps, activation) => {
      const ops = {
        tf,
        relu: (x: Tensor) => tf.relu(x),
        dense: (x: Tensor, kernel: Tensor, bias: Tensor) =>
          tf.add(tf.matMul(x.reshape([-1, INPUTS]), kernel), bias).reshape([steps, BATCH, -1]),
        matMul: tf.matMul,
      };
      const ours = (...[x, w, u, b]: Tensor[]) => stepwiseLstm(ops, x as Tensor3D, w as Tensor2D, u as Tensor2D, b as Tensor1D, activation);
      const wanted = (...[x, w, u, b]: Tensor[]) => byTheBook(steps, x!, w!, u!, b!, activation);
      const dy = wave([BATCH, steps, UNITS], 4);
      const [actual, expected] = [ours, wanted].map((lstm) => {
        const { value, grads } = tf.valueAndGrads(lstm)(given(steps), dy);
        return [value, ...grads].map((tensor) => [...tensor.dataSync<'float32'>()]);
      });
      expected!.forEach((tensor, k) => tensor.forEach((value, i) => expect(actual![k]![i]).toBeCloseTo(value, 4)));
      expect(expected!.flat().some((value) => Math.abs(value) > 0.1)).toBe(true);
    },
  );
});
