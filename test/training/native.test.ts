import { describeNetwork, initialWeights } from '../../src/training';
import { EagerNetwork } from '../../src/training/backends/eagerNetwork';
import { arraySamples } from '../../src/training/backends';
import { loadNative } from '../../src/training/backends/native/addon';
import type { NativeTensorFlow } from '../../src/training/backends/native/addon';
import { exactOps } from '../../src/training/backends/native/exactOps';
import { GraphBuilder } from '../../src/training/backends/native/graph';
import { bytesField, floatField, integerField, varint } from '../../src/training/backends/native/protobuf';
import { RecordedNetwork } from '../../src/training/backends/native/recordedNetwork';
import { NotRecordable, Recorder } from '../../src/training/backends/native/recorder';
import { ACTIVATIONS, NATIVE_LINKED } from './support';

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

  it.each(ACTIVATIONS)('trains as the same operations one by one (%s)', (activation) => {
    const network = describeNetwork(
      { kind: 'Dense', layers: 2, units: 6, epochs: 1, activation },
      { inputSteps: 5, inputFeatures: 1, outputSteps: 3, outputFeatures: 1 },
    );
    const count = 40;
    const inputs = Float32Array.from({ length: count * 5 }, (_, i) => Math.sin(i));
    const outputs = Float32Array.from({ length: count * 3 }, (_, i) => Math.cos(i * 0.3));
    const ops = exactOps(native);
    // the zero kernel of the last layer would hide the activations in the first step
    const weights = initialWeights(network, 3).map((tensor, k) => tensor.map((value, i) => value + 0.1 * Math.sin(k + i)));
    const recorded = new RecordedNetwork(native, ops, network, weights, arraySamples(inputs, 5, outputs, 3));
    const eager = new EagerNetwork(ops, network, weights, arraySamples(inputs, 5, outputs, 3));
    for (const length of [32, 8, 32, 8]) {
      const rows = Int32Array.from({ length }, (_, i) => (length === 8 ? 32 + i : i));
      expect(recorded.trainBatch(rows)).toBeCloseTo(eager.trainBatch(rows), 6);
    }
    const wanted = eager.readWeights();
    recorded
      .readWeights()
      .forEach((tensor, k) => tensor.forEach((value, i) => expect(Math.abs(value - wanted[k]![i]!)).toBeLessThan(2e-6)));
    const forecast = eager.predict(inputs, count);
    recorded.predict(inputs, count).forEach((value, i) => expect(Math.abs(value - forecast[i]!)).toBeLessThan(1e-5));
    recorded.dispose();
    eager.dispose();
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
