import { describeNetwork, initialWeights, parameterCount } from '../../src/training';
import type { TrainingError } from '../../src/training';
import { Random, STREAM } from '../../src/domain/random';
import { orthogonalRows } from '../../src/training/networks/orthogonal';
import { describeWith, runPython } from '../support/python';
import { cnn, dense, lstm } from './support';

const SHAPE = { inputSteps: 13, inputFeatures: 2, outputSteps: 13, outputFeatures: 2 };

describe('a dense network', () => {
  // pipeline.md 13.3
  it.each([
    [3, 512, 552_474],
    [2, 64, 7_578],
  ])('with %i layers of %i has %i parameters for 13 × 2 → 13 × 2', (layers, units, parameters) => {
    expect(parameterCount(describeNetwork(dense(1, units, layers), SHAPE))).toBe(parameters);
  });

  it('starts from numbers that depend on the seed alone', () => {
    const network = describeNetwork(dense(1, 64), SHAPE);
    const [kernel, bias] = initialWeights(network, 42);
    // uniforms of seed 42, stream 2 (pipeline.md 12), spread over ±√(6/(26 + 64))
    const limit = Math.sqrt(6 / 90);
    const uniforms = [0.41287524220077054, 0.1405008242327851, 0.7224145972790597];
    expect([...kernel!.subarray(0, 3)]).toEqual(uniforms.map((u) => Math.fround((2 * u - 1) * limit)));
    expect(kernel).toHaveLength(26 * 64);
    expect(bias!.every((value) => value === 0)).toBe(true);
    expect(initialWeights(network, 43)[0]![0]).not.toBe(kernel![0]);
  });

  it('forecasts zero at first, since its last kernel is zero', () => {
    const weights = initialWeights(describeNetwork(dense(1, 8), SHAPE), 1);
    expect(weights.slice(-2).every((tensor) => tensor.every((value) => value === 0))).toBe(true);
    expect(weights.at(2)!.some((value) => value !== 0)).toBe(true);
  });
});

describe('a convolutional network', () => {
  // pipeline.md 13.4
  it.each([
    [3, 512, SHAPE, 4_725_249],
    [2, 64, SHAPE, 37_633],
    [2, 64, { ...SHAPE, inputFeatures: 3 }, 102_490],
    [2, 64, { inputSteps: 24, inputFeatures: 2, outputSteps: 12, outputFeatures: 2 }, 111_320],
  ])('with %i layers of %i filters (3 × 3) has the documented number of parameters: %j, %i', (layers, units, shape, parameters) => {
    expect(parameterCount(describeNetwork(cnn(1, units, layers), shape))).toBe(parameters);
  });

  it('ends in a 1 × 1 convolution where forecast and input have one shape, else in a dense layer', () => {
    const kinds = (inputFeatures: number) => describeNetwork(cnn(1, 4, 2), { ...SHAPE, inputFeatures }).layers.map(({ name }) => name);
    expect(kinds(2)).toEqual(['reshape', 'conv2d', 'conv2d_1', 'conv2d_2', 'reshape_1']);
    expect(kinds(3)).toEqual(['reshape', 'conv2d', 'conv2d_1', 'flatten', 'dense', 'reshape_1']);
  });

  it('draws its kernels from ±√(6/(9·channels in + 9·filters)), the last one being zero', () => {
    const weights = initialWeights(describeNetwork(cnn(1, 32, 2), SHAPE), 42);
    const largest = weights.map((tensor) => tensor.reduce((max, value) => Math.max(max, Math.abs(value)), 0));
    const limits = [Math.sqrt(6 / (9 + 9 * 32)), 0, Math.sqrt(6 / (9 * 32 + 9 * 32)), 0, 0, 0];
    largest.forEach((value, i) => {
      expect(value).toBeLessThanOrEqual(limits[i]!);
      expect(value).toBeGreaterThanOrEqual(0.97 * limits[i]!);
    });
  });
});

describe('a recurrent network', () => {
  // pipeline.md 13.5
  it.each([
    [3, 512, 5_254_146],
    [2, 64, 50_306],
  ])('with %i layers of %i units has %i parameters for 2 inputs and 2 outputs', (layers, units, parameters) => {
    for (const kind of ['LSTM', 'AR LSTM'] as const)
      expect(parameterCount(describeNetwork(lstm(1, units, layers, 'relu', kind), SHAPE))).toBe(parameters);
  });

  it('is the same one as LSTM and as AR LSTM, its name aside', () => {
    const [plain, ar] = (['LSTM', 'AR LSTM'] as const).map((kind) => describeNetwork(lstm(1, 8, 2, 'relu', kind), SHAPE));
    expect({ ...ar!, name: plain!.name }).toEqual(plain);
    expect([plain!.name, ar!.name]).toEqual(['lstm', 'ar_lstm']);
  });

  it('is refused where it would have to forecast more steps than it reads', () => {
    let error: unknown;
    try {
      describeNetwork(lstm(1, 8), { ...SHAPE, outputSteps: 14 });
    } catch (thrown) {
      error = thrown;
    }
    expect((error as TrainingError).context).toMatchObject({ findings: [{ code: 'STEPS_UNEQUAL' }] });
  });

  it('starts with a forget-gate bias of 1, the other gates with 0', () => {
    const [, , bias] = initialWeights(describeNetwork(lstm(1, 3), SHAPE), 42);
    expect([...bias!]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('starts with a recurrent kernel whose rows are orthonormal', () => {
    const units = 40;
    const [, recurrent] = initialWeights(describeNetwork(lstm(1, units), SHAPE), 42);
    for (let a = 0; a < units; a++)
      for (let b = a; b < units; b++) {
        let product = 0;
        for (let k = 0; k < 4 * units; k++) product += recurrent![a * 4 * units + k]! * recurrent![b * 4 * units + k]!;
        expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-6);
      }
  });

  it('draws the kernel first and the recurrent kernel next, from one stream', () => {
    // one unit: Q of a single Gaussian column is the column over its length; R is that length, so its sign is +
    const [kernel, recurrent] = initialWeights(describeNetwork(lstm(1, 1, 1), { ...SHAPE, inputFeatures: 1 }), 42);
    const random = Random.stream(42, STREAM.initialWeights);
    const limit = Math.sqrt(6 / 5);
    expect([...kernel!]).toEqual([0, 1, 2, 3].map(() => Math.fround((2 * random.uniform() - 1) * limit)));
    const column = [0, 1, 2, 3].map(() => random.normal());
    recurrent!.forEach((value, i) => expect(value).toBeCloseTo(column[i]! / Math.hypot(...column), 6));
  });
});

describeWith('numeric')('the orthogonal recurrent kernel', () => {
  it('is the one that numpy computes from the same Gaussian matrix', () => {
    const units = 24;
    const random = Random.stream(7, STREAM.initialWeights);
    const gaussian = Array.from({ length: 4 * units }, () => Array.from({ length: units }, () => random.normal()));
    const program = `
import json, sys, numpy as np
q, r = np.linalg.qr(np.array(json.loads(sys.argv[1])))
print(json.dumps((q * np.sign(np.diag(r))).T.tolist()))`;
    const expected = runPython<number[][]>('numeric', program, [JSON.stringify(gaussian)]);
    const rows = orthogonalRows(units, Random.stream(7, STREAM.initialWeights));
    rows.forEach((row, j) => row.forEach((value, k) => expect(Math.abs(value - expected[j]![k]!)).toBeLessThan(1e-13)));
  });
});
