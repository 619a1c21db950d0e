export { modelFilename, saveLinear, saveNetwork, saveSvr } from './modelFiles';
export type { ModelTarget } from './modelFiles';
