export { ARRAY_SETS, streamWithArrays } from './arrays';
export type { ArraySet } from './arrays';
export { loadDocument, readDocument } from './document';
export type { LinkedDocument } from './document';
export { missingArrays, translateMissing } from './missing';
export { nestedJson } from './nestedJson';
export { shownRuns } from './resultList';
export { storedSplit } from './split';
