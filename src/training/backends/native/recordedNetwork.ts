import { elementCount, inputSize, outputSize } from '../../networks';
import type { Network } from '../../networks';
import { ADAM, BATCH_SIZE, predictBatch } from '../types';
import type { LayerOps, OptimizerState, Samples, TrainableNetwork } from '../types';
import type { NativeTensorFlow } from './addon';
import { GraphSession } from './session';
import type { Feed } from './session';
import { NAMES, buildTrainingGraph, windowInputs, windowOutputs } from './trainingGraph';

/** Windows copied to TensorFlow at a time: some megabytes. */
const LOAD_WINDOWS = 1024;

/** Runs one training step as one call into TensorFlow: faster than Keras, and bit-equal to it for dense and convolutional networks. */
export class RecordedNetwork implements TrainableNetwork {
  readonly mode = 'recorded graph';
  private readonly session: GraphSession;

  /** @throws NotRecordable when the network's step cannot be written as a graph */
  constructor(
    native: NativeTensorFlow,
    ops: LayerOps,
    private readonly network: Network,
    weights: readonly Float32Array[],
    samples: Samples,
  ) {
    const tensors = network.weights.map(({ shape }, i) => native.tf.tensor(Float32Array.from(weights[i]!), [...shape]));
    try {
      const graph = buildTrainingGraph(native, ops, network, tensors, samples.count, batchSizes(samples.count));
      this.session = new GraphSession(native.backend.binding, graph);
    } finally {
      native.tf.dispose(tensors);
    }
    this.set([{ name: NAMES.learningRate, values: Float32Array.of(ADAM.learningRate), shape: [] }]);
    this.writeWeights(weights);
    const zeros = network.weights.map(({ shape }) => new Float32Array(elementCount(shape)));
    this.writeOptimizer({ step: 0, m: zeros, v: zeros });
    this.load(NAMES.inputs, samples.count, windowInputs(network), (first, count, out) => samples.readInputs(first, count, out));
    this.load(NAMES.outputs, samples.count, windowOutputs(network), (first, count, out) => samples.readOutputs(first, count, out));
  }

  trainBatch(rows: Int32Array): number {
    const [loss] = this.session.run([{ name: NAMES.rows, values: rows, shape: [rows.length] }], [NAMES.loss(rows.length)]);
    return loss![0]!;
  }

  predict(inputs: Float32Array, count: number): Float32Array {
    const cells = inputSize(this.network);
    const forecast = new Float32Array(count * outputSize(this.network));
    const size = predictBatch(this.network);
    for (let first = 0; first < count; first += size) {
      const windows = Math.min(size, count - first);
      // the graph's shape is fixed: the last batch is filled up with zeros. A copy in any case, TensorFlow may hold on to it.
      const batch = new Float32Array(size * cells);
      batch.set(inputs.subarray(first * cells, (first + windows) * cells));
      const feed: Feed = { name: NAMES.windows, values: batch, shape: [size, ...windowInputs(this.network)] };
      const [result] = this.session.run([feed], [NAMES.forecast]);
      forecast.set(result!.subarray(0, windows * outputSize(this.network)), first * outputSize(this.network));
    }
    return forecast;
  }

  readWeights(): Float32Array[] {
    return this.get(this.network.weights.map((_, i) => NAMES.weight(i)));
  }

  writeWeights(weights: readonly Float32Array[]): void {
    this.set(this.network.weights.map(({ shape }, i) => ({ name: NAMES.weight(i), values: Float32Array.from(weights[i]!), shape })));
  }

  readOptimizer(): OptimizerState {
    const [step] = this.get([NAMES.step]);
    return {
      step: step![0]!,
      m: this.get(this.network.weights.map((_, i) => NAMES.m(i))),
      v: this.get(this.network.weights.map((_, i) => NAMES.v(i))),
    };
  }

  writeOptimizer({ step, m, v }: OptimizerState): void {
    const moments = this.network.weights.flatMap(({ shape }, i): Feed[] => [
      { name: NAMES.m(i), values: Float32Array.from(m[i]!), shape },
      { name: NAMES.v(i), values: Float32Array.from(v[i]!), shape },
    ]);
    this.set([{ name: NAMES.step, values: Float32Array.of(step), shape: [] }, ...moments]);
  }

  dispose(): void {
    this.session.close();
  }

  private get(variables: readonly string[]): Float32Array[] {
    return this.session.run([], variables.map(NAMES.value));
  }

  private set(variables: readonly Feed[]): void {
    const feeds = variables.map((feed) => ({ ...feed, name: NAMES.given(feed.name) }));
    this.session.run(
      feeds,
      variables.map(({ name }) => NAMES.assigned(name)),
    );
  }

  private load(variable: string, total: number, windowShape: readonly number[], read: Samples['readInputs']): void {
    this.session.run([{ name: NAMES.blank(variable), values: Float32Array.of(0), shape: [] }], [NAMES.cleared(variable)]);
    // one buffer for all parts: left to the garbage collector they would lie about as large as the data set
    const buffer = new Float32Array(Math.min(LOAD_WINDOWS, total) * elementCount(windowShape));
    for (let first = 0; first < total; first += LOAD_WINDOWS) {
      const count = Math.min(LOAD_WINDOWS, total - first);
      const rows = Int32Array.from({ length: count }, (_, i) => first + i);
      const values = buffer.subarray(0, count * elementCount(windowShape));
      read(first, count, values);
      const part: Feed = { name: NAMES.part(variable), values, shape: [count, ...windowShape] };
      this.session.run([{ name: NAMES.rows, values: rows, shape: [count] }, part], [NAMES.loaded(variable)]);
    }
  }
}

/** The lengths of the batches of one epoch. */
const batchSizes = (count: number): number[] =>
  [Math.min(BATCH_SIZE, count), count > BATCH_SIZE ? count % BATCH_SIZE : 0].filter((size) => size > 0);
