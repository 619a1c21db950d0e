/** Everything the worker registers. */
export { cleanupWorkflow } from './cleanup';
export { generateDatasetsWorkflow } from './generateDatasets';
export { trainModelsWorkflow } from './trainModels';
export { uploadSessionWorkflow } from './uploadSession';
