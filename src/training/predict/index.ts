export { forecastScaled, forecastWindows, inputWindows } from './forecast';
export type { StoredModel } from './forecast';
export { readStoredLinear, readStoredNetwork, readStoredSvr } from './storedModel';
