import fc from 'fast-check';
import { roundHalfEven, splitParts, splitSamples, splitSizes } from '../../../src/domain/split';

const percentages = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1000 }))
  .map(([train, val]) => ({ trainPercentage: train / 10, valPercentage: Math.min(val, 1000 - train) / 10 }))
  .map((parts) => ({ ...parts, testPercentage: 100 - parts.trainPercentage - parts.valPercentage }));
const windows = fc.integer({ min: 1, max: 5000 });

describe('any split', () => {
  it('rounds train and validation half to even, gives the test part the rest and uses every window once', () => {
    fc.assert(
      fc.property(windows, percentages, (n, parts) => {
        const { nTrain, nVal, nTest } = splitSizes(n, parts);
        expect(nTrain).toBe(roundHalfEven((parts.trainPercentage / 100) * n));
        expect(nVal).toBe(Math.min(roundHalfEven((parts.valPercentage / 100) * n), n - nTrain));
        expect([nTest >= 0, nTrain + nVal + nTest]).toEqual([true, n]);
      }),
    );
  });

  it('never has more windows than there are, though the percentages may add up to 100.1', () => {
    fc.assert(
      fc.property(windows, (n) => {
        expect(splitSizes(n, { trainPercentage: 100, valPercentage: 0.1 })).toEqual({ nTrain: n, nVal: 0, nTest: 0 });
      }),
    );
  });

  it('orders the same windows by the seed, or leaves them in time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 300 }), fc.integer({ min: 0, max: 0xffff_ffff }), fc.boolean(), (n, seed, random) => {
        const settings = { trainPercentage: 60, valPercentage: 20, testPercentage: 20, random, seed, scalerFit: 'train' } as const;
        const { train, validation, test } = splitParts(splitSamples(n, settings, { validation: true }));
        const order = [...train, ...validation, ...test];
        const ascending = Array.from({ length: n }, (_, i) => i);
        expect(order.toSorted((a, b) => a - b)).toEqual(ascending);
        if (!random) expect(order).toEqual(ascending);
      }),
    );
  });

  it.each([-3.5, -2.5, -0.5, 0.5, 1.5, 1e15 + 0.5, 4_503_599_627_370_495.5])('rounds %d to the even neighbour', (x) => {
    expect(Math.abs(roundHalfEven(x) % 2)).toBe(0);
    expect(Math.abs(roundHalfEven(x) - x)).toBe(0.5);
  });
});
