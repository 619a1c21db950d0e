import { PipelineError } from '../../../src/domain/findings';
import { roundHalfEven, splitParts, splitSamples, splitSizes } from '../../../src/domain/split';
import type { SplitSettings } from '../../../src/domain/settings';

const split: SplitSettings = { trainPercentage: 70, valPercentage: 20, testPercentage: 10, random: false, seed: 42, scalerFit: 'train' };
const sizes = (n: number, percentages: Partial<SplitSettings> = {}) => Object.values(splitSizes(n, { ...split, ...percentages }));

describe('split (pipeline.md 11)', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [3.5, 4],
    [2.4999, 2],
    [7, 7],
  ])('rounds %d half to even: %d', (x, expected) => expect(roundHalfEven(x)).toBe(expected));

  it.each([
    [3, [2, 1, 0]],
    [5, [4, 1, 0]],
    [7, [5, 1, 1]],
    [10, [7, 2, 1]],
    [11, [8, 2, 1]],
    [15, [10, 3, 2]],
    [25, [18, 5, 2]],
    [35, [24, 7, 4]],
    [45, [31, 9, 5]],
    [55, [38, 11, 6]],
    [65, [46, 13, 6]],
    [75, [52, 15, 8]],
    [85, [59, 17, 9]],
    [95, [66, 19, 10]],
    [105, [74, 21, 10]],
    [443, [310, 89, 44]],
    [106273, [74391, 21255, 10627]],
  ])('divides %d windows 70/20/10 into %p', (n, expected) => expect(sizes(n)).toEqual(expected));

  it('divides 443 windows 60/20/20 into 266, 89, 88', () => {
    expect(sizes(443, { trainPercentage: 60, valPercentage: 20, testPercentage: 20 })).toEqual([266, 89, 88]);
  });

  it('leaves the test part empty for exactly n = 1, 3, 4, 5, 8 and the validation part for n = 1, 2', () => {
    const small = Array.from({ length: 500 }, (_, index) => index + 1);
    expect(small.filter((n) => sizes(n)[2] === 0)).toEqual([1, 3, 4, 5, 8]);
    expect(small.filter((n) => sizes(n)[1] === 0)).toEqual([1, 2]);
  });

  it('keeps the parts contiguous in ascending time without random order', () => {
    const { train, validation, test } = splitParts(splitSamples(10, split, { validation: true }));
    expect([[...train], [...validation], [...test]]).toEqual([[0, 1, 2, 3, 4, 5, 6], [7, 8], [9]]);
  });

  it('uses stream 1 for a random order', () => {
    expect([...splitSamples(10, { ...split, random: true }, { validation: true }).order]).toEqual([3, 0, 1, 4, 2, 9, 7, 5, 6, 8]);
  });

  it('refuses an empty test part with all counts', () => {
    const refusal = () => splitSamples(8, split, { validation: true, mode: 'Dense' });
    expect(refusal).toThrow(PipelineError);
    try {
      refusal();
    } catch (error) {
      const [finding] = (error as PipelineError).findings;
      expect(finding).toMatchObject({ code: 'SPLIT_TOO_FEW', context: { n_dat: 8, n_train: 6, n_val: 2, n_test: 0, mode: 'Dense' } });
      expect((error as PipelineError).notFeasible).toBe(true);
    }
  });

  it('asks for a validation part only where the model uses it', () => {
    const twoParts = { ...split, trainPercentage: 90, valPercentage: 0, testPercentage: 10 };
    expect(splitSamples(20, twoParts, { validation: false })).toMatchObject({ nTrain: 18, nVal: 0, nTest: 2 });
    expect(() => splitSamples(20, twoParts, { validation: true })).toThrow(PipelineError);
  });
});
