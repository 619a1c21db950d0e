import fs from 'node:fs';
import path from 'node:path';
import type { Network } from '../networks';
import { layerConfigs } from './kerasConfig';

/** Writes a TensorFlow.js LayersModel: topology as JSON, which names the file of the weights (float32 little-endian) beside it. */
export function writeTfjsModel(network: Network, weights: readonly Float32Array[], jsonFile: string, binFile: string): void {
  const model = {
    format: 'layers-model',
    generatedBy: 'Lastgang',
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: { name: network.name, layers: layerConfigs(network) },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [
      { paths: [path.basename(binFile)], weights: network.weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
    ],
  };
  fs.writeFileSync(jsonFile, JSON.stringify(model));
  fs.writeFileSync(binFile, Buffer.concat(weights.map((w) => Buffer.from(w.buffer, w.byteOffset, w.byteLength))));
}
