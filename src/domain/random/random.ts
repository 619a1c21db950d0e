import { splitMix32 } from './splitMix';

const WORD = 0x1_0000_0000;
/** Odd multiplier that keeps the start states of neighbouring streams apart. */
const STREAM_FACTOR = 0x85ebca6b;

/** Purposes of the independent number streams of one seed (pipeline.md 12). */
export const STREAM = { sampleOrder: 1, initialWeights: 2, batchOrder: 3, svrSubsample: 4, plotSamples: 5, violinSubsample: 6 } as const;

/** Complete state of a generator; a plain object, so that a checkpoint can hold it. */
export interface RandomState {
  words: [number, number, number, number];
  /** second normal number of the last Box–Muller pair, if not yet drawn */
  spareNormal: number | null;
}

/** xoshiro128** with the derived draws of pipeline.md 12. Same seed and stream, same numbers, on every machine. */
export class Random {
  private spare: number | null = null;

  private constructor(
    private s0: number,
    private s1: number,
    private s2: number,
    private s3: number,
  ) {}

  /**
   * @param seed    integer 0 … 4 294 967 295
   * @param stream  purpose of the numbers, see {@link STREAM}
   */
  static stream(seed: number, stream: number): Random {
    const next = splitMix32((seed ^ Math.imul(stream, STREAM_FACTOR)) >>> 0);
    const [s0, s1, s2, s3] = [next(), next(), next(), next()];
    return new Random(s0 | s1 | s2 | s3 ? s0 : 1, s1, s2, s3); // all zero is the generator's only fixed point
  }

  /** Continues where {@link state} was taken. */
  static restore(state: RandomState): Random {
    const random = new Random(...state.words);
    random.spare = state.spareNormal;
    return random;
  }

  state(): RandomState {
    return { words: [this.s0, this.s1, this.s2, this.s3], spareNormal: this.spare };
  }

  /** Next raw output, 0 … 2³² − 1. */
  next(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.s1, 5), 7), 9) >>> 0;
    const t = this.s1 << 9;
    this.s2 ^= this.s0;
    this.s3 ^= this.s1;
    this.s1 = (this.s1 ^ this.s2) >>> 0;
    this.s0 = (this.s0 ^ this.s3) >>> 0;
    this.s2 = (this.s2 ^ t) >>> 0;
    this.s3 = rotateLeft(this.s3, 11);
    return result;
  }

  /** Unbiased integer 0 … n − 1, for 1 ≤ n ≤ 2³². */
  below(n: number): number {
    const limit = WORD - (WORD % n);
    let x = this.next();
    while (x >= limit) x = this.next();
    return x % n;
  }

  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.next();
    const low = this.next();
    return (high * 0x20_0000 + (low >>> 11)) / 0x20_0000_0000_0000;
  }

  /** Standard normal number by Box–Muller: first the cosine, then the sine of a pair. */
  normal(): number {
    if (this.spare !== null) {
      const spare = this.spare;
      this.spare = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Fisher–Yates permutation of 0 … n − 1. */
  permutation(n: number): Int32Array {
    const order = identity(n);
    for (let i = n - 1; i >= 1; i--) swap(order, i, this.below(i + 1));
    return order;
  }

  /** k distinct numbers of 0 … n − 1 in drawn order, 0 ≤ k ≤ n. */
  sample(k: number, n: number): Int32Array {
    const order = identity(n);
    for (let i = 0; i < k; i++) swap(order, i, i + this.below(n - i));
    return order.slice(0, k);
  }
}

function rotateLeft(x: number, bits: number): number {
  return ((x << bits) | (x >>> (32 - bits))) >>> 0;
}

function identity(n: number): Int32Array {
  const order = new Int32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  return order;
}

function swap(order: Int32Array, i: number, j: number): void {
  const held = order[i]!;
  order[i] = order[j]!;
  order[j] = held;
}
