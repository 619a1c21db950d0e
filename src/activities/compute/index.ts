export { createComputePool } from './pool';
export { readDataset, readManifest } from './dataset';
export type { ComputePool } from './pool';
export type { ParsedContent, SeriesParse } from './parseStream';
export type { ParsedFile } from './series';
