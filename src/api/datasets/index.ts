export { columnsReader, loadDatasetObjects, loadManifest, openStoredDataset } from './open';
export type { DatasetObjects } from './open';
export { createViolinRenderer } from './violins';
export type { ViolinRenderer } from './violins';
