/**
 * SplitMix32: spreads one 32-bit number over the words of a larger generator state (pipeline.md 12).
 *
 * @returns a function giving the next 32-bit output, 0 … 2³² − 1
 */
export function splitMix32(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
