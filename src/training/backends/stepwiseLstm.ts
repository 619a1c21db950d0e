import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Activation } from '../../domain/settings/types';
import { activate, derivative } from '../networks';
import type { ElementwiseActivation } from '../networks';
import { customGradient } from './customGradient';
import type { LayerOps } from './types';

/** What the step-by-step LSTM needs of a back end. */
export interface StepwiseOps extends Pick<LayerOps, 'tf' | 'relu' | 'dense'> {
  /** needs no gradient */
  matMul: (a: Tensor2D, b: Tensor2D, transposeA?: boolean, transposeB?: boolean) => Tensor2D;
}

/**
 * LSTM step by step, from ordinary operations: works on every back end and with every activation.
 *
 *     (i, f, g, o) = (σ, σ, φ, σ)(x_t·W + b + h_(t−1)·U);  c_t = f∘c_(t−1) + i∘g;  h_t = o∘φ(c_t)
 *
 * @param x batch × steps × inputs
 * @param kernel W, inputs × 4·units; gates in the order i, f, g, o
 * @param recurrentKernel U, units × 4·units
 * @param bias b, 4·units
 * @param activation φ
 * @returns h of all steps, batch × steps × units
 */
export function stepwiseLstm(
  ops: StepwiseOps,
  x: Tensor3D,
  kernel: Tensor2D,
  recurrentKernel: Tensor2D,
  bias: Tensor1D,
  activation: Activation,
): Tensor3D {
  const { tf } = ops;
  // x_t·W + b of all steps is one product; steps come first
  const fromInputs = ops.dense(tf.transpose(x, [1, 0, 2]), kernel, bias) as Tensor3D;
  const h =
    activation === 'softmax' // the one activation whose derivative is no factor per element: left to TensorFlow.js
      ? runSteps({ ...ops, matMul: tf.matMul }, fromInputs, recurrentKernel, activation).h
      : elementwise(ops, activation)(fromInputs, recurrentKernel);
  return tf.transpose(h as Tensor3D, [1, 0, 2]);
}

interface Steps {
  /** steps × batch × 4·units: gates before and after the sigmoid (of which the third quarter means nothing) */
  z: Tensor3D;
  s: Tensor3D;
  /** steps × batch × units */
  c: Tensor3D;
  h: Tensor3D;
}

function runSteps({ tf, relu, matMul }: StepwiseOps, fromInputs: Tensor3D, recurrentKernel: Tensor2D, activation: Activation): Steps {
  const [length, batch] = fromInputs.shape;
  const [units] = recurrentKernel.shape;
  const φ = (values: Tensor) => activate({ tf, relu }, activation, values);
  const steps: Record<keyof Steps, Tensor>[] = [];
  let h: Tensor = tf.zeros([batch, units]);
  let c: Tensor = tf.zeros([batch, units]);
  // the gradient of unstacking a single step fails in TensorFlow.js 4.22
  for (const fromInput of length === 1 ? [fromInputs.squeeze([0])] : tf.unstack(fromInputs)) {
    const z = tf.add(fromInput, matMul(h as Tensor2D, recurrentKernel));
    const s = tf.sigmoid(z);
    const [i, f, , o] = tf.split(s, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
    const g = φ(tf.slice(z, [0, 2 * units], [batch, units]));
    c = tf.add(tf.mul(f, c), tf.mul(i, g));
    h = tf.mul(o, φ(c));
    steps.push({ z, s, c, h });
  }
  const all = (key: keyof Steps) => tf.stack(steps.map((step) => step[key])) as Tensor3D;
  return { z: all('z'), s: all('s'), c: all('c'), h: all('h') };
}

/**
 * The same with its gradient by hand. Everything that does not depend on the step before is computed for all steps at once:
 *
 *     dc_t = dc_(t+1)∘f_(t+1) + dh_t∘o∘φ'(c_t);   dz_t = (dc, dc, dc, dh)∘(g∘i', c_(t−1)∘f', i∘φ'(z_g), φ(c)∘o');   dh_(t−1) += dz_t·Uᵀ
 */
function elementwise(ops: StepwiseOps, activation: ElementwiseActivation): (fromInputs: Tensor3D, recurrentKernel: Tensor2D) => Tensor {
  const { tf, matMul } = ops;
  const backward = (dy: Tensor, [recurrentKernel, z, s, c, h]: [Tensor2D, Tensor3D, Tensor3D, Tensor3D, Tensor3D]): Tensor[] => {
    const [steps, batch, units] = c.shape;
    const before = (values: Tensor): Tensor => tf.concat([tf.zeros([1, batch, units]), values.slice(0, steps - 1)]);
    const [i, f, , o] = tf.split(s, 4, 2) as [Tensor, Tensor, Tensor, Tensor];
    const [di, df, , dO] = tf.split(tf.mul(s, tf.sub(1, s)), 4, 2) as [Tensor, Tensor, Tensor, Tensor];
    const zg = z.slice([0, 0, 2 * units], [steps, batch, units]);
    const [g, φc] = [activate(ops, activation, zg), activate(ops, activation, c)];
    const slope = (x: Tensor, y: Tensor): Tensor => derivative(ops, activation, x, y);
    const toGates = tf.concat([tf.mul(g, di), tf.mul(before(c), df), tf.mul(i, slope(zg, g)), tf.mul(φc, dO)], 2);
    const perStep = [dy, tf.mul(o, slope(c, φc)), toGates, f].map((values) => tf.unstack(values));

    let fromNext: { dh: Tensor; dc: Tensor } | null = null;
    const dz: Tensor[] = [];
    for (let t = steps - 1; t >= 0; t--) {
      const [dyStep, toCell, toGate, forget] = perStep.map((list) => list[t]!) as [Tensor, Tensor, Tensor, Tensor];
      const dh: Tensor = fromNext ? tf.add(dyStep, fromNext.dh) : dyStep;
      const dc: Tensor = fromNext ? tf.add(fromNext.dc, tf.mul(dh, toCell)) : tf.mul(dh, toCell);
      const dzStep = tf.mul<Tensor2D>(tf.concat([dc, dc, dc, dh], 1), toGate);
      fromNext = { dh: matMul(dzStep, recurrentKernel, false, true), dc: tf.mul(dc, forget) };
      dz[t] = dzStep;
    }
    const all = tf.stack(dz);
    return [all, matMul(before(h).reshape([-1, units]), all.reshape([-1, 4 * units]), true)];
  };
  return customGradient(
    tf,
    ([fromInputs, recurrentKernel]: [Tensor3D, Tensor2D], save) => {
      const { z, s, c, h } = runSteps(ops, fromInputs, recurrentKernel, activation);
      save(recurrentKernel, z, s, c, h);
      return h.clone();
    },
    backward,
  );
}
