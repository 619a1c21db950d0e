import type { Network } from '../networks';
import { writeHdf5 } from './hdf5';
import { layerConfigs, weightsOf } from './kerasConfig';

/** Version the file claims: its layout is the one of Keras 2, which Keras 3 reads too. */
const KERAS_VERSION = '2.15.0';

/** Writes the whole-model HDF5 format of Keras (`load_model('….h5')`), without optimiser. */
export async function writeKerasH5(network: Network, weights: readonly Float32Array[], file: string): Promise<void> {
  await writeHdf5(file, (root) => {
    root.attribute('keras_version', KERAS_VERSION);
    root.attribute('backend', 'tensorflow');
    root.attribute(
      'model_config',
      JSON.stringify({ class_name: 'Sequential', config: { name: network.name, layers: layerConfigs(network) } }),
    );
    const all = root.group('model_weights');
    all.attribute(
      'layer_names',
      network.layers.map(({ name }) => name),
    );
    all.attribute('backend', 'tensorflow');
    all.attribute('keras_version', KERAS_VERSION);
    for (const layer of network.layers) {
      const group = all.group(layer.name);
      const own = weightsOf(network, layer);
      if (own.length === 0) continue; // an absent attribute reads as an empty list
      group.attribute(
        'weight_names',
        own.map(({ part }) => `${layer.name}/${part}:0`),
      );
      const values = group.group(layer.name);
      for (const { index, part, shape } of own) values.floats(`${part}:0`, weights[index]!, shape);
    }
  });
}
