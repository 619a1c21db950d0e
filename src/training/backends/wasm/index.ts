import path from 'node:path';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs';
import { EagerNetwork } from '../eagerNetwork';
import type { LayerOps, NetworkBackend, TensorFlow } from '../types';
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
    create: (network, weights, samples) => new EagerNetwork(ops, network, weights, samples),
  };
}

const wasmOps = (tf: TensorFlow): LayerOps => ({
  tf,
  dense: (x, kernel, bias) => tf.matMul(x, kernel).add<Tensor2D>(bias),
  relu: (x) => tf.relu(x),
  meanSquaredError: (forecast, truth) => tf.mean<Scalar>(tf.square(tf.sub(forecast, truth))),
});
