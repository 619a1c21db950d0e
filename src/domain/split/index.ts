export { needsValidation, roundHalfEven, splitParts, splitSamples, splitSizes } from './split';
export type { SampleSplit, SplitNeeds } from './split';
