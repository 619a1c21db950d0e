export { checkSize, describeNetwork, parameterCount } from './describeNetwork';
export { forward } from './forward';
export { initialWeights } from './initialWeights';
export { elementCount, inputSize, outputSize } from './types';
export type { DenseLayer, Initializer, Layer, Network, ProblemShape, WeightSpec } from './types';
