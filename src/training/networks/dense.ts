import type { ModelSettings } from '../../domain/settings/types';
import { NetworkBuilder } from './networkBuilder';
import type { Network, ProblemShape } from './types';

/** Flatten → LAY × Dense(N, activation) → Dense(O_N·n_ft_o, linear) → reshape, row-major (time, feature) (pipeline.md 13.3). */
export function denseNetwork(model: Extract<ModelSettings, { kind: 'Dense' }>, shape: ProblemShape): Network {
  const network = new NetworkBuilder().flatten();
  let inputs = shape.inputSteps * shape.inputFeatures;
  for (let i = 0; i < model.layers; i++) {
    network.dense(inputs, model.units, model.activation);
    inputs = model.units;
  }
  return network
    .denseHead(inputs, shape.outputSteps * shape.outputFeatures)
    .reshape(shape.outputSteps, shape.outputFeatures)
    .build('dense', shape);
}
