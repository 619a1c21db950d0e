export { modelInput } from './modelInput';
export { createPredictor } from './predictor';
export type { Predict } from './predictor';
export { readWindows } from './sentWindows';
export type { Complaint, SentWindows } from './sentWindows';
export { usableModel } from './storedModel';
export type { UsableModel } from './storedModel';
