import type { ModelSettings } from '../../domain/settings/types';
import { NetworkBuilder } from './networkBuilder';
import type { Network, ProblemShape } from './types';

/**
 * LAY × LSTM(N, activation) → Dense(n_ft_o, linear) at every step (pipeline.md 13.5). `AR LSTM` is the same network: nothing is fed back.
 * @param shape as many output as input steps
 */
export function lstmNetwork(model: Extract<ModelSettings, { kind: 'LSTM' | 'AR LSTM' }>, shape: ProblemShape): Network {
  const network = new NetworkBuilder();
  let inputs = shape.inputFeatures;
  for (let i = 0; i < model.layers; i++) {
    network.lstm(inputs, model.units, model.activation);
    inputs = model.units;
  }
  return network.denseHead(inputs, shape.outputFeatures).build(model.kind === 'LSTM' ? 'lstm' : 'ar_lstm', shape);
}
