import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { LayerOps } from '../backends/types';
import { activate } from './activate';
import type { Network } from './types';

/**
 * The network's forecast for one batch.
 *
 * @param weights in the network's weight order
 * @param input   batch × steps × features
 * @returns batch × output steps × output features
 */
export function forward(ops: LayerOps, network: Network, weights: readonly Tensor[], input: Tensor): Tensor3D {
  const [batch] = input.shape as [number];
  let used = 0;
  const next = <T extends Tensor>(): T => {
    const tensor = weights[used++];
    if (!tensor) throw new RangeError(`the network has more weights than the ${weights.length} given`);
    return tensor as T;
  };
  let x: Tensor = input;
  for (const layer of network.layers) {
    switch (layer.kind) {
      case 'flatten':
        x = x.reshape([batch, -1]);
        break;
      case 'reshape':
        x = x.reshape([batch, ...layer.shape]);
        break;
      case 'dense':
        x = activate(ops, layer.activation, ops.dense(x, next<Tensor2D>(), next<Tensor1D>()));
        break;
      case 'conv2d':
        x = activate(ops, layer.activation, ops.conv2d(x as Tensor4D, next<Tensor4D>(), next<Tensor1D>()));
        break;
      case 'lstm':
        x = ops.lstm(x as Tensor3D, next<Tensor2D>(), next<Tensor2D>(), next<Tensor1D>(), layer.activation);
        break;
    }
  }
  return x.reshape([batch, network.shape.outputSteps, network.shape.outputFeatures]);
}
