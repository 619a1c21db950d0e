import path from 'node:path';
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { EagerNetwork } from '../eagerNetwork';
import { NOTHING } from '../samples';
import { stepwiseLstm } from '../stepwiseLstm';
import type { LayerOps, NetworkBackend, TensorFlow } from '../types';
import { sameConvolution } from './convolution';
import { installTransposedMatMul } from './transposedMatMul';

/** WebAssembly with SIMD, one thread: runs wherever Node does (with more threads training was measured to be slower). */
export async function openWasmBackend(): Promise<NetworkBackend> {
  const tf = await import('@tensorflow/tfjs');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'))}/`);
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly back end of TensorFlow.js does not start');
  installTransposedMatMul(tf);
  const ops = wasmOps(tf);
  return {
    info: { name: 'wasm', version: tf.version_core },
    forecaster: (network, weights) => new EagerNetwork(ops, network, weights, NOTHING),
    create: (network, weights, samples) => new EagerNetwork(ops, network, weights, samples),
  };
}

function wasmOps(tf: TensorFlow): LayerOps {
  const dense: LayerOps['dense'] = (x, kernel, bias) => {
    const rows = x.reshape<Tensor2D>([-1, kernel.shape[0]]);
    return tf
      .matMul(rows, kernel)
      .add<Tensor>(bias)
      .reshape([...x.shape.slice(0, -1), kernel.shape[1]]);
  };
  const relu: LayerOps['relu'] = (x) => tf.relu(x);
  const convolution = sameConvolution(tf);
  return {
    tf,
    dense,
    relu,
    conv2d: (x, kernel, bias) => convolution(x, kernel).add<Tensor4D>(bias),
    lstm: (...args) => stepwiseLstm({ tf, dense, relu, matMul: tf.matMul }, ...args),
    meanSquaredError: (forecast, truth) => tf.mean<Scalar>(tf.square(tf.sub(forecast, truth))),
  };
}
