import { Random, splitMix32, STREAM } from '../../../src/domain/random';

const outputs = (seed: number, stream: number, count = 4) => {
  const random = Random.stream(seed, stream);
  return Array.from({ length: count }, () => random.next());
};

describe('random streams (pipeline.md 12)', () => {
  it.each([
    [0, 1, [603452075, 1972721857, 3334112505, 696888925]],
    [42, 1, [3394557048, 2433013710, 3397859565, 846888201]],
    [42, 2, [1773285662, 2492749984, 603446445, 604974162]],
    [4294967295, 6, [1238489245, 4066583189, 1747837720, 2024543908]],
  ])('seed %d, stream %d begins with the numbers of the specification', (seed, stream, expected) => {
    expect(outputs(seed, stream)).toEqual(expected);
  });

  it('draws uniforms with 53 bits, the high word first', () => {
    const random = Random.stream(42, STREAM.initialWeights);
    expect([random.uniform(), random.uniform(), random.uniform()]).toEqual([0.41287524220077054, 0.1405008242327851, 0.7224145972790597]);
  });

  it.each([
    [42, [3, 0, 1, 4, 2, 9, 7, 5, 6, 8]],
    [0, [8, 7, 2, 3, 0, 6, 9, 1, 4, 5]],
    [7, [2, 0, 4, 3, 9, 5, 8, 7, 1, 6]],
  ])('permutes ten samples by seed %d as specified', (seed, expected) => {
    expect([...Random.stream(seed, STREAM.sampleOrder).permutation(10)]).toEqual(expected);
  });

  it('chooses 17 of 44 plot samples by seed 42 as specified', () => {
    const expected = [18, 41, 15, 6, 42, 5, 25, 20, 27, 11, 17, 14, 36, 24, 3, 12, 32];
    expect([...Random.stream(42, STREAM.plotSamples).sample(17, 44)]).toEqual(expected);
  });

  it('draws normal numbers in pairs from two uniforms', () => {
    const normals = Random.stream(42, 2);
    const uniforms = Random.stream(42, 2);
    const radius = Math.sqrt(-2 * Math.log(1 - uniforms.uniform()));
    const angle = 2 * Math.PI * uniforms.uniform();
    expect(normals.normal()).toBe(radius * Math.cos(angle));
    expect(normals.normal()).toBe(radius * Math.sin(angle));
    expect(normals.next()).toBe(uniforms.next());
  });

  it('keeps below(n) inside 0 … n − 1 and reaches both ends', () => {
    const random = Random.stream(5, 3);
    const drawn = new Set(Array.from({ length: 400 }, () => random.below(7)));
    expect([...drawn].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(random.below(1)).toBe(0);
  });

  it('goes on after a restore as if nothing had happened, the half-used normal pair included', () => {
    const random = Random.stream(9, 3);
    random.normal();
    const restored = Random.restore(JSON.parse(JSON.stringify(random.state())) as ReturnType<Random['state']>);
    expect([restored.normal(), restored.next(), restored.uniform()]).toEqual([random.normal(), random.next(), random.uniform()]);
  });

  it('SplitMix32 maps state 0 to its published first output', () => {
    // z after state 0x9E3779B9: computed by hand with BigInt arithmetic
    const mask = 0xffffffffn;
    let z = 0x9e3779b9n;
    z = ((z ^ (z >> 16n)) * 0x21f0aaadn) & mask;
    z = ((z ^ (z >> 15n)) * 0x735a2d97n) & mask;
    expect(splitMix32(0)()).toBe(Number(z ^ (z >> 15n)));
  });
});
