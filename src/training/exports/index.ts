export { modelFilename, saveLinear, saveNetwork } from './modelFiles';
export type { ModelTarget } from './modelFiles';
