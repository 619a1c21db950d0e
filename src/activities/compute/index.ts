export { createComputePool } from './pool';
export type { ComputePool } from './pool';
export type { ParsedFile } from './series';
