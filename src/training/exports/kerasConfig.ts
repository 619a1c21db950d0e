import type { Layer, Network } from '../networks';

/** A layer as Keras 2, Keras 3 and TensorFlow.js spell it. */
export interface LayerConfig {
  class_name: string;
  config: Record<string, unknown>;
}

/**
 * The layers of a network with only those settings that are not defaults. The explicit input layer with `batch_input_shape` is the one
 * form of an input shape that Keras 2 and Keras 3 both read.
 */
export function layerConfigs({ name, shape, layers }: Network): LayerConfig[] {
  const input: LayerConfig = {
    class_name: 'InputLayer',
    config: { batch_input_shape: [null, shape.inputSteps, shape.inputFeatures], dtype: 'float32', sparse: false, name: `${name}_input` },
  };
  return [input, ...layers.map(layerConfig)];
}

function layerConfig(layer: Layer): LayerConfig {
  const common = { name: layer.name, trainable: true, dtype: 'float32' };
  switch (layer.kind) {
    case 'flatten':
      return { class_name: 'Flatten', config: common };
    case 'dense':
      return { class_name: 'Dense', config: { ...common, units: layer.units, activation: layer.activation, use_bias: true } };
    case 'conv2d':
      return {
        class_name: 'Conv2D',
        config: {
          ...common,
          filters: layer.filters,
          kernel_size: [layer.kernelEdge, layer.kernelEdge],
          strides: [1, 1],
          padding: 'same',
          activation: layer.activation,
          use_bias: true,
        },
      };
    case 'lstm':
      return {
        class_name: 'LSTM',
        config: {
          ...common,
          units: layer.units,
          activation: layer.activation,
          recurrent_activation: 'sigmoid',
          use_bias: true,
          return_sequences: true,
        },
      };
    case 'reshape':
      return { class_name: 'Reshape', config: { ...common, target_shape: [...layer.shape] } };
  }
}

/** Weights of one layer: position in the network's weight list and the last part of the name (`kernel`, `recurrent_kernel`, `bias`). */
export function weightsOf(network: Network, layer: Layer): { index: number; part: string; shape: readonly number[] }[] {
  const prefix = `${layer.name}/`;
  return network.weights.flatMap(({ name, shape }, index) =>
    name.startsWith(prefix) ? [{ index, part: name.slice(prefix.length), shape }] : [],
  );
}
