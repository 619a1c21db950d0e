export { createComputePool } from './pool';
export { readDataset, readManifest } from './dataset';
export type { ComputePool } from './pool';
export type { SeriesParse } from './parseStream';
export type { ParsedFile } from './series';
