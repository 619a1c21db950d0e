export { evaluateBaselines } from './evaluateBaselines';
export type { BaselineInput } from './evaluateBaselines';
export { BASELINE_NAMES } from './types';
export type { BaselineName, BaselineResult, Baselines } from './types';
