import type { ModelSettings } from '../../domain/settings/types';
import { NetworkBuilder } from './networkBuilder';
import type { Network, ProblemShape } from './types';

/**
 * A window as image of one channel, height = steps, width = features → LAY × Conv2D(N, K × K, activation) → head (pipeline.md 13.4):
 * a 1 × 1 convolution where the forecast has the shape of the input (column j is forecast from column j and its neighbours), else a dense layer.
 */
export function cnnNetwork(model: Extract<ModelSettings, { kind: 'CNN' }>, shape: ProblemShape): Network {
  const { inputSteps, inputFeatures, outputSteps, outputFeatures } = shape;
  const network = new NetworkBuilder().reshape(inputSteps, inputFeatures, 1);
  let channels = 1;
  for (let i = 0; i < model.layers; i++) {
    network.conv2d(model.kernelEdge, channels, model.units, model.activation);
    channels = model.units;
  }
  if (inputSteps === outputSteps && inputFeatures === outputFeatures) network.imageHead(channels);
  else network.flatten().denseHead(inputSteps * inputFeatures * channels, outputSteps * outputFeatures);
  return network.reshape(outputSteps, outputFeatures).build('cnn', shape);
}
