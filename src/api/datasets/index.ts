export { columnsReader, loadManifest, openStoredDataset } from './open';
export { createViolinRenderer } from './violins';
export type { ViolinRenderer } from './violins';
