/**
 * Training: `runTraining` runs one in a process of its own. The lower half (back ends, networks, epochs) is public for checks
 * against reference numbers; it trains inside the calling process.
 */
export { runTraining } from './runTraining';
export type { RunTrainingOptions } from './runTraining';
export { TrainingCancelled, TrainingError, TrainingMoves, isOutOfMemory, toTrainingError } from './errors';
export { ADAM, BATCH_SIZE, arraySamples, openBackend } from './backends';
export type { BackendChoice, NetworkBackend, OptimizerState, Samples, TrainableNetwork } from './backends';
export { CHECKPOINT_FILE, atTheBeginning, evaluate, fitNetwork, meanSquaredError, trainEpoch } from './fit';
export type { EpochPosition, FitPlan, HeldOutWindows, History } from './fit';
export { checkSize, describeNetwork, initialWeights, parameterCount } from './networks';
export type { Network, ProblemShape } from './networks';
export type * from './types';
