export { createDrawingThread } from './drawing';
export type { Draw } from './drawing';
export { columnsReader, loadDatasetObjects, loadManifest, openStoredDataset } from './open';
export type { DatasetObjects } from './open';
export type { DrawnTestSet, TestSetTask } from './testSetWorker';
export { createViolinRenderer } from './violins';
export type { ViolinRenderer } from './violins';
