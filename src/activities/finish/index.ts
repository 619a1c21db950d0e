export { createCompleteDataset, createCompleteTraining } from './completed';
export { createCancelRun, createFailRun, failedPayload } from './unhappy';
export { publish } from './finalize';
