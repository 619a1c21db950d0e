import { TrainingError } from '../errors';
import type { TrainingSpec } from '../types';
import { openNativeBackend } from './native';
import { selfTest } from './selfTest';
import type { NetworkBackend } from './types';
import { openWasmBackend } from './wasm';

export { arraySamples } from './samples';
export { ADAM, BATCH_SIZE, PREDICT_BATCH } from './types';
export type { Forecaster, NetworkBackend, OptimizerState, Samples, TrainableNetwork } from './types';

export type BackendChoice = TrainingSpec['backend'];

/**
 * Starts a back end and lets it calculate something. One process uses one back end.
 * @param choice 'auto' = native TensorFlow where it is installed, else WebAssembly
 * @param note   told why another back end or a slower way was taken
 * @throws TrainingError BACKEND_MISSING when the chosen one does not work here
 */
export async function openBackend(choice: BackendChoice, note: (text: string) => void = () => undefined): Promise<NetworkBackend> {
  if (choice !== 'wasm') {
    try {
      return await tested(openNativeBackend((reason) => note(`training runs operation by operation: ${reason}`)));
    } catch (error) {
      const reason = reasonOf(error);
      if (choice === 'native')
        throw new TrainingError('BACKEND_MISSING', 'Native TensorFlow does not work here; run: npm run native:install', { reason });
      note(`native TensorFlow is not available, WebAssembly is used: ${reason}`);
    }
  }
  try {
    return await tested(openWasmBackend());
  } catch (error) {
    throw new TrainingError('BACKEND_MISSING', 'The WebAssembly back end of TensorFlow.js does not work here', { reason: reasonOf(error) });
  }
}

async function tested(opening: Promise<NetworkBackend>): Promise<NetworkBackend> {
  const backend = await opening;
  selfTest(backend);
  return backend;
}

/** First line only: the messages of module loaders carry stacks of paths. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 300);
