import type { ModelSettings } from '../../domain/settings/types';
import type { DenseLayer, Initializer, Layer, Network, ProblemShape, WeightSpec } from './types';

/**
 * Flatten → LAY × Dense(N, activation) → Dense(O_N·n_ft_o, linear) → reshape, row-major (time, feature) (pipeline.md 13.3).
 * The last kernel is zero: the first forecast is 0.
 */
export function denseNetwork(model: Extract<ModelSettings, { kind: 'Dense' }>, shape: ProblemShape): Network {
  const layers: Layer[] = [{ kind: 'flatten', name: 'flatten' }];
  const weights: WeightSpec[] = [];
  let inputs = shape.inputSteps * shape.inputFeatures;
  const add = (layer: DenseLayer, kernel: Initializer): void => {
    layers.push(layer);
    weights.push({ name: `${layer.name}/kernel`, shape: [layer.inputs, layer.units], initializer: kernel });
    weights.push({ name: `${layer.name}/bias`, shape: [layer.units], initializer: ZERO });
    inputs = layer.units;
  };
  for (let i = 0; i < model.layers; i++) {
    const layer: DenseLayer = { kind: 'dense', name: denseName(i), inputs, units: model.units, activation: model.activation };
    add(layer, { kind: 'glorotUniform', fanIn: inputs, fanOut: model.units });
  }
  const outputs = shape.outputSteps * shape.outputFeatures;
  add({ kind: 'dense', name: denseName(model.layers), inputs, units: outputs, activation: 'linear' }, ZERO);
  layers.push({ kind: 'reshape', name: 'reshape', shape: [shape.outputSteps, shape.outputFeatures] });
  return { name: 'dense', shape, layers, weights };
}

const ZERO: Initializer = { kind: 'constant', value: 0 };
/** Keras counts from the second layer of a kind on. */
const denseName = (index: number): string => (index === 0 ? 'dense' : `dense_${index}`);
