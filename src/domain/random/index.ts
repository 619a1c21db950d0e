export { Random, STREAM } from './random';
export type { RandomState } from './random';
export { splitMix32 } from './splitMix';
