import type { Tensor } from '@tensorflow/tfjs';
import type { Activation, ModelSettings } from '../../src/domain/settings/types';
import { describeNetwork, initialWeights } from '../../src/training';
import type { ProblemShape } from '../../src/training';
import { EagerNetwork } from '../../src/training/backends/eagerNetwork';
import { arraySamples } from '../../src/training/backends';
import { openNativeBackend } from '../../src/training/backends/native';
import { loadNative } from '../../src/training/backends/native/addon';
import type { NativeTensorFlow } from '../../src/training/backends/native/addon';
import { exactOps } from '../../src/training/backends/native/exactOps';
import { GraphBuilder } from '../../src/training/backends/native/graph';
import { bytesField, floatField, integerField, varint } from '../../src/training/backends/native/protobuf';
import { RecordedNetwork } from '../../src/training/backends/native/recordedNetwork';
import { NotRecordable, Recorder } from '../../src/training/backends/native/recorder';
import { buildTrainingGraph } from '../../src/training/backends/native/trainingGraph';
import { stepwiseLstm } from '../../src/training/backends/stepwiseLstm';
import type { LayerOps } from '../../src/training/backends/types';
import { forward } from '../../src/training/networks';
import { ACTIVATIONS, cnn, dense, lstm, NATIVE_LINKED } from './support';

const WINDOWS = 40;
const SMALL: ProblemShape = { inputSteps: 5, inputFeatures: 2, outputSteps: 3, outputFeatures: 1 };
const EQUAL: ProblemShape = { inputSteps: 5, inputFeatures: 2, outputSteps: 5, outputFeatures: 2 };

describe('the protocol buffer writer', () => {
  // examples of the encoding guide: 150 in field 1, "testing" in field 2, and −2 as ten bytes
  it('writes what the encoding guide shows', () => {
    expect(integerField(1, 150).toString('hex')).toBe('089601');
    expect(bytesField(2, 'testing').toString('hex')).toBe('120774657374696e67');
    expect(varint(-2).toString('hex')).toBe('feffffffffffffffff01');
    expect(floatField(5, 1).toString('hex')).toBe('2d0000803f');
  });
});

(NATIVE_LINKED ? describe : describe.skip)('a recorded training step', () => {
  let native: NativeTensorFlow;
  beforeAll(async () => {
    native = await loadNative();
  });

  const recordedAndEager = (model: ModelSettings, shape: ProblemShape) => {
    const network = describeNetwork(model, shape);
    const [inputSize, outputSize] = [shape.inputSteps * shape.inputFeatures, shape.outputSteps * shape.outputFeatures];
    const inputs = Float32Array.from({ length: WINDOWS * inputSize }, (_, i) => Math.sin(i));
    const outputs = Float32Array.from({ length: WINDOWS * outputSize }, (_, i) => Math.cos(i * 0.3));
    const ops = exactOps(native);
    // the zero kernel of the last layer would hide the activations in the first step
    const weights = initialWeights(network, 3).map((tensor, k) => tensor.map((value, i) => value + 0.1 * Math.sin(k + i)));
    const recorded = new RecordedNetwork(native, ops, network, weights, arraySamples(inputs, inputSize, outputs, outputSize));
    const eager = new EagerNetwork(ops, network, weights, arraySamples(inputs, inputSize, outputs, outputSize));
    return { recorded, eager, inputs };
  };

  it.each<[string, ModelSettings, ProblemShape]>([
    ...ACTIVATIONS.map((activation): [string, ModelSettings, ProblemShape] => [`Dense, ${activation}`, dense(1, 6, 2, activation), SMALL]),
    ...ACTIVATIONS.map((activation): [string, ModelSettings, ProblemShape] => [`LSTM, ${activation}`, lstm(1, 4, 2, activation), EQUAL]),
    ['CNN ending in a convolution', cnn(1, 4, 2), EQUAL],
    ['CNN ending in a dense layer', cnn(1, 4, 2, 'tanh', 2), SMALL],
  ])('trains as the same operations one by one (%s)', (_name, model, shape) => {
    const { recorded, eager, inputs } = recordedAndEager(model, shape);
    for (const length of [32, 8, 32, 8]) {
      const rows = Int32Array.from({ length }, (_, i) => (length === 8 ? 32 + i : i));
      expect(recorded.trainBatch(rows)).toBeCloseTo(eager.trainBatch(rows), 6);
    }
    const wanted = eager.readWeights();
    recorded
      .readWeights()
      .forEach((tensor, k) => tensor.forEach((value, i) => expect(Math.abs(value - wanted[k]![i]!)).toBeLessThan(2e-6)));
    const forecast = eager.predict(inputs, WINDOWS);
    recorded.predict(inputs, WINDOWS).forEach((value, i) => expect(Math.abs(value - forecast[i]!)).toBeLessThan(1e-5));
    recorded.dispose();
    eager.dispose();
  });

  it('runs an LSTM with tanh as one operation, not as many as there are steps', () => {
    const operations = (steps: number, activation: Activation) => {
      const network = describeNetwork(lstm(1, 4, 1, activation), { ...EQUAL, inputSteps: steps, outputSteps: steps });
      const { tf } = native;
      const weights = network.weights.map(({ shape }) => tf.zeros([...shape]));
      return buildTrainingGraph(native, exactOps(native), network, weights, 32, [32]).size;
    };
    expect(operations(40, 'tanh')).toBe(operations(20, 'tanh'));
    expect(operations(40, 'relu')).toBeGreaterThan(operations(20, 'relu') + 20 * 20);
  });

  it('calculates an LSTM with tanh step by step as in one operation', () => {
    const { tf } = native;
    const fused = exactOps(native);
    const stepwise: LayerOps = { ...fused, lstm: (...args) => stepwiseLstm({ ...fused, matMul: tf.matMul }, ...args) };
    const network = describeNetwork(lstm(1, 4, 2), EQUAL);
    const gradients = (ops: LayerOps): number[][] =>
      tf.tidy(() => {
        const weights = initialWeights(network, 3).map((tensor, k) =>
          tf.tensor(
            tensor.map((value, i) => value + 0.1 * Math.sin(k + i)),
            [...network.weights[k]!.shape],
          ),
        );
        const x = tf.tensor3d(
          Float32Array.from({ length: 5 * 10 }, (_, i) => Math.sin(i)),
          [5, 5, 2],
        );
        const { value, grads } = tf.valueAndGrads((...w: Tensor[]) => ops.meanSquaredError(forward(ops, network, w, x), x))(weights);
        return [value, ...grads].map((tensor) => [...tensor.dataSync<'float32'>()]);
      });
    const wanted = gradients(fused);
    gradients(stepwise).forEach((tensor, k) => tensor.forEach((value, i) => expect(value).toBeCloseTo(wanted[k]![i]!, 6)));
  });

  it('is refused when it would have far too many operations, and the network is run one by one', async () => {
    const notes: string[] = [];
    const backend = await openNativeBackend((reason) => notes.push(reason));
    const steps = 1600;
    const network = describeNetwork(lstm(1, 1, 1, 'relu'), { inputSteps: steps, inputFeatures: 1, outputSteps: steps, outputFeatures: 1 });
    const windows = new Float32Array(2 * steps).fill(0.5);
    const trainable = backend.create(network, initialWeights(network, 1), arraySamples(windows, steps, windows, steps));
    expect(trainable.mode).toBe('eager');
    expect(notes).toEqual(['the step has more than 30000 operations']);
    expect(trainable.trainBatch(Int32Array.of(0, 1))).toBeCloseTo(0.25, 6);
    trainable.dispose();
  });

  it('is refused when it reads a tensor back', () => {
    const { tf, backend } = native;
    const x = tf.tensor1d([1, 2]);
    const [id] = backend.getInputTensorIds([x]);
    const recorder = new Recorder(backend.binding, new GraphBuilder(), new Map([[id!, 'x']]));
    expect(() => recorder.record(backend, () => tf.square(x).dataSync())).toThrow(NotRecordable);
    expect([...tf.square(x).dataSync()]).toEqual([1, 4]); // and all is as before
  });

  it('is refused when it uses a tensor that nobody named', () => {
    const { tf, backend } = native;
    const [x, stranger] = [tf.tensor1d([1, 2]), tf.square(tf.tensor1d([3, 4]))];
    const [id] = backend.getInputTensorIds([x]);
    const recorder = new Recorder(backend.binding, new GraphBuilder(), new Map([[id!, 'x']]));
    expect(() => recorder.record(backend, () => tf.add(x, stranger))).toThrow('comes from outside the step');
  });
});
