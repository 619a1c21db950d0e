import fs from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import type { Network } from '../networks';
import { writeHdf5 } from './hdf5';
import { layerConfigs, weightsOf } from './kerasConfig';

/** Writes the `.keras` format of Keras 3 (also read by late Keras 2): a ZIP of two JSON files and the weights as HDF5. */
export async function writeKerasZip(network: Network, weights: readonly Float32Array[], file: string, savedAt: Date): Promise<void> {
  const weightsFile = `${file}.weights.h5`;
  await writeHdf5(weightsFile, (root) => {
    const layers = root.group('layers');
    for (const layer of network.layers) {
      const group = layers.group(layer.name);
      if (layer.kind === 'lstm') group.group('vars'); // empty: a recurrent layer leaves its weights to its cell
      const variables = (layer.kind === 'lstm' ? group.group('cell') : group).group('vars');
      weightsOf(network, layer).forEach(({ index, shape }, position) => variables.floats(String(position), weights[index]!, shape));
    }
    root.group('vars');
  });
  try {
    const layers = layerConfigs(network).map((layer) => ({ module: 'keras.layers', ...layer, registered_name: null }));
    const config = {
      module: 'keras',
      class_name: 'Sequential',
      config: { name: network.name, layers },
      registered_name: null,
      build_config: { input_shape: [null, network.shape.inputSteps, network.shape.inputFeatures] },
    };
    const entries = {
      'metadata.json': strToU8(JSON.stringify({ keras_version: '3.5.0', date_saved: savedAt.toISOString() })),
      'config.json': strToU8(JSON.stringify(config)),
      'model.weights.h5': new Uint8Array(fs.readFileSync(weightsFile)),
    };
    fs.writeFileSync(file, zipSync(entries, { level: 0, mtime: savedAt })); // stored: float weights do not compress
  } finally {
    fs.rmSync(weightsFile, { force: true });
  }
}
