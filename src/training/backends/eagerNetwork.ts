import type { Scalar, Tensor, Tensor3D } from '@tensorflow/tfjs';
import { elementCount, forward, inputSize, outputSize } from '../networks';
import type { Network } from '../networks';
import { ADAM, predictBatch } from './types';
import type { LayerOps, OptimizerState, Samples, TrainableNetwork } from './types';

/** Runs a network operation by operation: works on every back end of TensorFlow.js. */
export class EagerNetwork implements TrainableNetwork {
  readonly mode = 'eager';
  private step = 0;
  private weights: Tensor[];
  private m: Tensor[];
  private v: Tensor[];
  private readonly inputs: Float32Array;
  private readonly outputs: Float32Array;
  private readonly windowInputs: readonly [number, number];
  private readonly windowOutputs: readonly [number, number];

  constructor(
    private readonly ops: LayerOps,
    private readonly network: Network,
    weights: readonly Float32Array[],
    samples: Samples,
  ) {
    this.weights = this.tensors(weights);
    this.m = network.weights.map(({ shape }) => ops.tf.zeros([...shape]));
    this.v = network.weights.map(({ shape }) => ops.tf.zeros([...shape]));
    this.windowInputs = [network.shape.inputSteps, network.shape.inputFeatures];
    this.windowOutputs = [network.shape.outputSteps, network.shape.outputFeatures];
    this.inputs = new Float32Array(samples.count * inputSize(network));
    this.outputs = new Float32Array(samples.count * outputSize(network));
    samples.readInputs(0, samples.count, this.inputs);
    samples.readOutputs(0, samples.count, this.outputs);
  }

  trainBatch(rows: Int32Array): number {
    const { tf } = this.ops;
    const x = tf.tensor3d(gather(this.inputs, rows, inputSize(this.network)), [rows.length, ...this.windowInputs]);
    const y = tf.tensor3d(gather(this.outputs, rows, outputSize(this.network)), [rows.length, ...this.windowOutputs]);
    const loss = (...weights: Tensor[]): Scalar => this.ops.meanSquaredError(forward(this.ops, this.network, weights, x), y);
    const { value, grads } = tf.valueAndGrads(loss)(this.weights);
    this.update(grads);
    const [batchLoss] = value.dataSync<'float32'>();
    tf.dispose([x, y, value, grads]);
    return batchLoss!;
  }

  /**
   * Keras's Adam, operation for operation (its epsilon enters differently from the stock optimiser's of TensorFlow.js):
   *
   *     α = η·√(1 − β2ᵗ)/(1 − β1ᵗ);  m += (g − m)(1 − β1);  v += (g² − v)(1 − β2);  w −= m·α/(√v + ε)
   */
  private update(gradients: readonly Tensor[]): void {
    const { tf } = this.ops;
    const f = Math.fround; // float32, as the graph of the native back end computes it
    this.step += 1;
    const alpha = f(f(ADAM.learningRate * f(Math.sqrt(f(1 - f(f(ADAM.beta2) ** this.step))))) / f(1 - f(f(ADAM.beta1) ** this.step)));
    gradients.forEach((g, i) => {
      const [w, m, v] = [this.weights[i]!, this.m[i]!, this.v[i]!];
      const next = tf.tidy(() => {
        const nextM = m.add(g.sub(m).mul(1 - ADAM.beta1));
        const nextV = v.add(
          g
            .square()
            .sub(v)
            .mul(1 - ADAM.beta2),
        );
        return [w.sub(nextM.mul(alpha).div(nextV.sqrt().add(ADAM.epsilon))), nextM, nextV] as const;
      });
      tf.dispose([w, m, v]);
      [this.weights[i], this.m[i], this.v[i]] = next;
    });
  }

  predict(inputs: Float32Array, count: number): Float32Array {
    const { tf } = this.ops;
    const size = inputSize(this.network);
    const forecast = new Float32Array(count * outputSize(this.network));
    const batch = predictBatch(this.network);
    for (let first = 0; first < count; first += batch) {
      const windows = Math.min(batch, count - first);
      const result = tf.tidy(() => {
        const x: Tensor3D = tf.tensor3d(inputs.subarray(first * size, (first + windows) * size), [windows, ...this.windowInputs]);
        return forward(this.ops, this.network, this.weights, x);
      });
      forecast.set(result.dataSync<'float32'>(), first * outputSize(this.network));
      result.dispose();
    }
    return forecast;
  }

  readWeights(): Float32Array[] {
    return this.weights.map(values);
  }

  writeWeights(weights: readonly Float32Array[]): void {
    this.ops.tf.dispose(this.weights);
    this.weights = this.tensors(weights);
  }

  readOptimizer(): OptimizerState {
    return { step: this.step, m: this.m.map(values), v: this.v.map(values) };
  }

  writeOptimizer({ step, m, v }: OptimizerState): void {
    this.ops.tf.dispose([...this.m, ...this.v]);
    this.step = step;
    this.m = this.tensors(m);
    this.v = this.tensors(v);
  }

  dispose(): void {
    this.ops.tf.dispose([...this.weights, ...this.m, ...this.v]);
  }

  private tensors(list: readonly Float32Array[]): Tensor[] {
    return this.network.weights.map(({ shape, name }, i) => {
      const data = list[i];
      if (data?.length !== elementCount(shape))
        throw new RangeError(`${name} needs ${elementCount(shape)} values, got ${data?.length ?? 0}`);
      return this.ops.tf.tensor(Float32Array.from(data), [...shape]);
    });
  }
}

const values = (tensor: Tensor): Float32Array => Float32Array.from(tensor.dataSync<'float32'>());

function gather(source: Float32Array, rows: Int32Array, size: number): Float32Array {
  const batch = new Float32Array(rows.length * size);
  rows.forEach((row, i) => batch.set(source.subarray(row * size, (row + 1) * size), i * size));
  return batch;
}
