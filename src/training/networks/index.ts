export { activate, derivative } from './activate';
export type { ElementwiseActivation } from './activate';
export { checkSize, describeNetwork, parameterCount } from './describeNetwork';
export { forward } from './forward';
export { initialWeights } from './initialWeights';
export { elementCount, inputSize, outputSize } from './types';
export type { Conv2dLayer, DenseLayer, Initializer, Layer, LstmLayer, Network, ProblemShape, WeightSpec } from './types';
