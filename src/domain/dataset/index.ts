export { buildDataset } from './build';
export type { BuiltDataset } from './build';
export { candidateCount, checkFeasibility, DEFAULT_LIMITS, estimateCells, featureCounts } from './feasibility';
export type { CandidateCount, DatasetLimits } from './feasibility';
export { canonicalJson, datasetKeyText, PIPELINE_VERSION } from './key';
export type { KeyFile } from './key';
export { manifestFor, openDataset, serializeDataset } from './storage';
export type { DatasetManifest, StoredDataset } from './storage';
export type * from './types';
