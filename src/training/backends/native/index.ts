import { EagerNetwork } from '../eagerNetwork';
import { NOTHING } from '../samples';
import type { NetworkBackend } from '../types';
import { loadNative } from './addon';
import { exactOps } from './exactOps';
import { RecordedNetwork } from './recordedNetwork';
import { NotRecordable } from './recorder';

/**
 * TensorFlow through the addon of tfjs-node.
 * @param onFallback told why a network has to run operation by operation
 * @throws when it is not installed
 */
export async function openNativeBackend(onFallback: (reason: string) => void): Promise<NetworkBackend> {
  const native = await loadNative();
  const ops = exactOps(native);
  return {
    info: { name: 'tensorflow', version: native.backend.binding.TF_Version },
    forecaster: (network, weights) => new EagerNetwork(ops, network, weights, NOTHING),
    create(network, weights, samples) {
      try {
        return new RecordedNetwork(native, ops, network, weights, samples);
      } catch (error) {
        if (!(error instanceof NotRecordable)) throw error;
        onFallback(error.message);
        return new EagerNetwork(ops, network, weights, samples);
      }
    },
  };
}
