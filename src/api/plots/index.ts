export { completedRun, openRun, plotColumns, testedDocument } from './plottedRun';
export type { StoredRun } from './plottedRun';
export { createTestSetRenderer } from './renderer';
export type { RenderedTestSet, TestSetRenderer } from './renderer';
