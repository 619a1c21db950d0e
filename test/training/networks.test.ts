import { describeNetwork, initialWeights, parameterCount } from '../../src/training';
import { dense } from './support';

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
