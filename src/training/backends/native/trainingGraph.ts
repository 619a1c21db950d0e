import type { Rank, Scalar, Tensor } from '@tensorflow/tfjs';
import { forward } from '../../networks';
import type { Network } from '../../networks';
import { predictBatch } from '../types';
import type { LayerOps } from '../types';
import { addAdamUpdates } from './adamNodes';
import type { NativeTensorFlow } from './addon';
import { type } from './attributes';
import { GraphBuilder } from './graph';
import type { Output } from './graph';
import { NotRecordable, Recorder } from './recorder';

/** Names of the graph's variables, placeholders and results; what {@link buildTrainingGraph} writes and the network runs. */
export const NAMES = {
  rows: 'rows',
  inputs: 'inputs',
  outputs: 'outputs',
  step: 'step',
  learningRate: 'learning_rate',
  weight: (index: number) => `weight_${index}`,
  m: (index: number) => `weight_${index}_m`,
  v: (index: number) => `weight_${index}_v`,
  /** feed `given`, fetch `assigned` to set a variable; fetch `value` to read it */
  given: (variable: string) => `${variable}_given`,
  assigned: (variable: string) => `${variable}_assigned`,
  value: (variable: string) => `${variable}_value`,
  /** feed `blank` with 0 and fetch `cleared` to make room, then feed `part` with `rows` and fetch `loaded` to fill some rows */
  blank: (variable: string) => `${variable}_blank`,
  cleared: (variable: string) => `${variable}_cleared`,
  part: (variable: string) => `${variable}_part`,
  loaded: (variable: string) => `${variable}_loaded`,
  loss: (batch: number) => `loss_${batch}`,
  windows: 'windows',
  forecast: 'forecast',
} as const;

/**
 * One graph holding everything a training needs: the data set, weights and optimiser as variables, one training step per batch size,
 * and the forecast. A step is recorded from TensorFlow.js (forward pass and gradients) and closed by Adam's update; shapes are fixed
 * by the recording, so the last, smaller batch has a step of its own.
 *
 * @param weights tensors of the network's weights, in order; used for recording only
 * @throws NotRecordable
 */
export function buildTrainingGraph(
  native: NativeTensorFlow,
  ops: LayerOps,
  network: Network,
  weights: readonly Tensor[],
  count: number,
  batches: readonly number[],
): GraphBuilder {
  const graph = new GraphBuilder();
  network.weights.forEach(({ shape }, i) => [NAMES.weight(i), NAMES.m(i), NAMES.v(i)].forEach((name) => addSettable(graph, name, shape)));
  addSettable(graph, NAMES.step, []);
  addSettable(graph, NAMES.learningRate, []);
  graph.placeholder(NAMES.rows, 'int32', [-1]);
  addDataSet(graph, NAMES.inputs, [count, ...windowInputs(network)]);
  addDataSet(graph, NAMES.outputs, [count, ...windowOutputs(network)]);
  const [constants] = batches.map((batch) => addTrainingStep(native, ops, graph, network, weights, batch));
  const again = recordGradients(native, ops, new GraphBuilder(), network, weights, batches[0]!, 'x', 'y');
  if (again.constants !== constants) throw new NotRecordable('the step uses numbers computed from the data on the host');
  addForecast(native, ops, graph, network, weights);
  return graph;
}

/** A variable that is set whole. The copy matters: without it the variable would share memory with the array of the caller. */
function addSettable(graph: GraphBuilder, name: string, shape: readonly number[]): void {
  graph.variable(name, shape);
  const copy = graph.float('DeepCopy', [graph.placeholder(NAMES.given(name), 'float', shape)]);
  const assign = graph.assign('AssignVariableOp', name, copy);
  graph.constant('float', [], Float32Array.of(0), { name: NAMES.assigned(name), after: [assign] });
  graph.read(name, { name: NAMES.value(name) });
}

/** A variable that is filled row by row, so that the whole never exists twice. */
function addDataSet(graph: GraphBuilder, name: string, shape: readonly number[]): void {
  graph.variable(name, shape);
  const sizes = graph.constant('int32', [shape.length], Int32Array.from(shape));
  // the value is fed: from a constant TensorFlow would fold the whole array into the graph and keep it
  const zeros = graph.node('Fill', [sizes, graph.placeholder(NAMES.blank(name), 'float', [])], {
    T: type('float'),
    index_type: type('int32'),
  });
  const clear = graph.assign('AssignVariableOp', name, zeros);
  graph.constant('float', [], Float32Array.of(0), { name: NAMES.cleared(name), after: [clear] });
  const part = graph.placeholder(NAMES.part(name), 'float', [-1, ...shape.slice(1)]);
  const update = graph.node('ResourceScatterUpdate', [name, NAMES.rows, part], { dtype: type('float'), Tindices: type('int32') });
  graph.constant('float', [], Float32Array.of(0), { name: NAMES.loaded(name), after: [update] });
}

/** @returns digest of the constants in it */
function addTrainingStep(
  native: NativeTensorFlow,
  ops: LayerOps,
  graph: GraphBuilder,
  network: Network,
  weights: readonly Tensor[],
  batch: number,
): string {
  const [x, y] = [graph.gather(NAMES.inputs, NAMES.rows), graph.gather(NAMES.outputs, NAMES.rows)];
  const { loss, gradients, constants } = recordGradients(native, ops, graph, network, weights, batch, x, y);
  const updates = gradients.map((gradient, i) => ({ weight: NAMES.weight(i), m: NAMES.m(i), v: NAMES.v(i), gradient }));
  const done = addAdamUpdates(graph, NAMES.step, NAMES.learningRate, updates);
  graph.float('Identity', [loss], { name: NAMES.loss(batch), after: done });
  return constants;
}

/** Records loss and gradients for one batch size, run on random data. */
function recordGradients(
  { tf, backend }: NativeTensorFlow,
  ops: LayerOps,
  graph: GraphBuilder,
  network: Network,
  weights: readonly Tensor[],
  batch: number,
  x: Output,
  y: Output,
) {
  return tf.tidy(() => {
    const inputs = tf.randomUniform([batch, ...windowInputs(network)]);
    const truth = tf.randomUniform<Rank.R3>([batch, ...windowOutputs(network)]);
    const ids = backend.getInputTensorIds([inputs, truth, ...weights]);
    const outputs = [x, y, ...weights.map((_, i) => graph.read(NAMES.weight(i)))];
    const recorder = new Recorder(backend.binding, graph, new Map(ids.map((id, i) => [id, outputs[i]!])));
    const loss = (...w: Tensor[]): Scalar => ops.meanSquaredError(forward(ops, network, w, inputs), truth);
    return recorder.record(backend, () => {
      const { value, grads } = tf.valueAndGrads(loss)([...weights]);
      const [lossId, ...gradientIds] = backend.getInputTensorIds([value, ...grads]);
      return {
        loss: recorder.outputOf(lossId!),
        gradients: gradientIds.map((id) => recorder.outputOf(id)),
        constants: recorder.constantsDigest(),
      };
    });
  });
}

function addForecast(
  { tf, backend }: NativeTensorFlow,
  ops: LayerOps,
  graph: GraphBuilder,
  network: Network,
  weights: readonly Tensor[],
): void {
  const shape: [number, number, number] = [predictBatch(network), ...windowInputs(network)];
  tf.tidy(() => {
    const inputs = tf.zeros(shape);
    const ids = backend.getInputTensorIds([inputs, ...weights]);
    const outputs = [graph.placeholder(NAMES.windows, 'float', shape), ...weights.map((_, i) => graph.read(NAMES.weight(i)))];
    const recorder = new Recorder(backend.binding, graph, new Map(ids.map((id, i) => [id, outputs[i]!])));
    recorder.record(backend, () => {
      const [id] = backend.getInputTensorIds([forward(ops, network, weights, inputs)]);
      graph.float('Identity', [recorder.outputOf(id!)], { name: NAMES.forecast });
    });
  });
}

/** steps × features */
export const windowInputs = ({ shape }: Network): [number, number] => [shape.inputSteps, shape.inputFeatures];
export const windowOutputs = ({ shape }: Network): [number, number] => [shape.outputSteps, shape.outputFeatures];
