import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../types';

/** What the matrix kernels are called with. */
interface MatMulArgs {
  inputs: { a: TensorInfo; b: TensorInfo };
  attrs: { transposeA?: boolean; transposeB?: boolean };
  backend: { disposeData(dataId: object): void };
}
type Kernel<Args> = (args: Args) => TensorInfo;

/**
 * The WebAssembly kernels multiply transposed matrices in a naive triple loop: 10 to 15 times slower than plain ones, and every gradient
 * of a dense layer is one; a fused bias is even added once per block of 48. Transposing first avoids that path.
 */
export function installTransposedMatMul(tf: TensorFlow): void {
  const transpose = tf.getKernel('Transpose', 'wasm').kernelFunc as unknown as Kernel<{
    inputs: { x: TensorInfo };
    attrs: { perm: number[] };
    backend: unknown;
  }>;
  for (const kernelName of ['BatchMatMul', '_FusedMatMul']) {
    const stock: KernelConfig = tf.getKernel(kernelName, 'wasm');
    const multiply = stock.kernelFunc as unknown as Kernel<MatMulArgs>;
    const kernelFunc: Kernel<MatMulArgs> = (args) => {
      const { a, b } = args.inputs;
      const { transposeA, transposeB } = args.attrs;
      if ((!transposeA && !transposeB) || !isMatrix(a) || !isMatrix(b)) return multiply(args);
      const turned: TensorInfo[] = [];
      const turn = (x: TensorInfo): TensorInfo => {
        const result = transpose({ inputs: { x }, attrs: { perm: swapLastTwo(x.shape.length) }, backend: args.backend });
        turned.push(result);
        return result;
      };
      const inputs = { ...args.inputs, a: transposeA ? turn(a) : a, b: transposeB ? turn(b) : b };
      const product = multiply({ ...args, inputs, attrs: { ...args.attrs, transposeA: false, transposeB: false } });
      for (const { dataId } of turned) args.backend.disposeData(dataId);
      return product;
    };
    tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({ ...stock, kernelFunc: kernelFunc as unknown as KernelConfig['kernelFunc'] });
  }
}

/** One matrix, no batch of them. */
const isMatrix = ({ shape }: TensorInfo): boolean => shape.slice(0, -2).every((size) => size === 1);
const swapLastTwo = (rank: number): number[] => [...Array(rank - 2).keys(), rank - 1, rank - 2];
