export { ARRAY_SETS, streamWithArrays } from './arrays';
export type { ArraySet } from './arrays';
export { readDocument } from './document';
export { nestedJson } from './nestedJson';
export type { LinkedDocument } from './document';
export { shownRuns } from './resultList';
