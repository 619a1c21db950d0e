import fc from 'fast-check';
import { Random, splitMix32 } from '../../../src/domain/random';

const MASK = 0xffff_ffffn;
const rotl = (x: bigint, bits: bigint) => ((x << bits) | (x >> (32n - bits))) & MASK;

/** pipeline.md 12 in whole numbers without limits: SplitMix32, then xoshiro128**. */
function reference(seed: number, stream: number, count: number): number[] {
  let st = BigInt(seed) ^ ((BigInt(stream) * 0x85ebca6bn) & MASK);
  const word = () => {
    st = (st + 0x9e3779b9n) & MASK;
    let z = st;
    z = ((z ^ (z >> 16n)) * 0x21f0aaadn) & MASK;
    z = ((z ^ (z >> 15n)) * 0x735a2d97n) & MASK;
    return z ^ (z >> 15n);
  };
  let [s0, s1, s2, s3] = [word(), word(), word(), word()];
  return Array.from({ length: count }, () => {
    const r = (rotl((s1 * 5n) & MASK, 7n) * 9n) & MASK;
    const t = (s1 << 9n) & MASK;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotl(s3, 11n);
    return Number(r);
  });
}

const seed = fc.integer({ min: 0, max: 0xffff_ffff });
const stream = fc.integer({ min: 1, max: 6 });

describe('random numbers of any seed and stream', () => {
  it('are those of the specification in exact arithmetic', () => {
    fc.assert(
      fc.property(seed, stream, (s, p) => {
        const random = Random.stream(s, p);
        expect(Array.from({ length: 40 }, () => random.next())).toEqual(reference(s, p, 40));
      }),
    );
  });

  it('begin with the four words of SplitMix32', () => {
    fc.assert(
      fc.property(seed, (start) => {
        const next = splitMix32(start);
        expect(Random.stream((start ^ Math.imul(1, 0x85ebca6b)) >>> 0, 1).state().words).toEqual([next(), next(), next(), next()]);
      }),
    );
  });

  it('shuffle every sample once: a permutation and the draws it is made of', () => {
    fc.assert(
      fc.property(seed, stream, fc.integer({ min: 0, max: 200 }), (s, p, n) => {
        const random = Random.stream(s, p);
        const expected = Array.from({ length: n }, (_, i) => i);
        for (let i = n - 1; i >= 1; i--) {
          const j = random.below(i + 1);
          [expected[i], expected[j]] = [expected[j]!, expected[i]!];
        }
        const order = [...Random.stream(s, p).permutation(n)];
        expect(order).toEqual(expected);
        expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  it('draw k of n without repetition, all of them when k = n', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (s, k, more) => {
        const drawn = [...Random.stream(s, 5).sample(k, k + more)];
        expect(drawn).toHaveLength(k);
        expect(new Set(drawn).size).toBe(k);
        expect(drawn.every((index) => index >= 0 && index < k + more)).toBe(true);
      }),
    );
  });
});
