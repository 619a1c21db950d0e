import type { Activation } from '../../domain/settings/types';

/** Sizes of one learning problem: windows of `inputSteps × inputFeatures` are mapped to `outputSteps × outputFeatures`. */
export interface ProblemShape {
  inputSteps: number;
  inputFeatures: number;
  outputSteps: number;
  outputFeatures: number;
}

/** Everything but the first axis (windows) into one. */
export interface FlattenLayer {
  kind: 'flatten';
  name: string;
}

/** Works on the last axis, whatever stands before it: on `windows × steps × inputs` it is the same layer at every step. */
export interface DenseLayer {
  kind: 'dense';
  name: string;
  inputs: number;
  units: number;
  activation: Activation;
}

/** Two-dimensional convolution, stride 1, padding "same", over `windows × height × width × inputs`. */
export interface Conv2dLayer {
  kind: 'conv2d';
  name: string;
  /** edge of the square kernel */
  kernelEdge: number;
  /** channels that come in */
  inputs: number;
  /** channels that go out */
  filters: number;
  activation: Activation;
}

/** Long short-term memory over `windows × steps × inputs`, all steps returned; gates i, f, c, o; recurrent activation sigmoid. */
export interface LstmLayer {
  kind: 'lstm';
  name: string;
  inputs: number;
  units: number;
  /** of candidate and output */
  activation: Activation;
}

export interface ReshapeLayer {
  kind: 'reshape';
  name: string;
  /** without the first axis (windows) */
  shape: readonly number[];
}

/** One step of the forward pass. Layer names are Keras's, so that exported files and stored weights read alike. */
export type Layer = FlattenLayer | DenseLayer | Conv2dLayer | LstmLayer | ReshapeLayer;

/** Where the first values of a weight tensor come from (pipeline.md 13.2). */
export type Initializer =
  | { kind: 'glorotUniform'; fanIn: number; fanOut: number }
  | { kind: 'constant'; value: number }
  /** of a recurrent kernel, units × 4·units */
  | { kind: 'orthogonal'; units: number }
  /** of an LSTM's bias: 1 for the forget gate, the second of four, else 0 */
  | { kind: 'forgetGate'; units: number };

export interface WeightSpec {
  /** `<layer>/kernel`, `<layer>/recurrent_kernel` or `<layer>/bias` */
  name: string;
  shape: readonly number[];
  initializer: Initializer;
}

/** A network as plain data: what every back end builds and every export format describes. */
export interface Network {
  /** lower case, used as model name and in file names */
  name: string;
  shape: ProblemShape;
  layers: readonly Layer[];
  /** in the order kernel, recurrent kernel, bias, layer by layer; the order of every weight list in this folder */
  weights: readonly WeightSpec[];
}

export const inputSize = ({ shape }: Network): number => shape.inputSteps * shape.inputFeatures;
export const outputSize = ({ shape }: Network): number => shape.outputSteps * shape.outputFeatures;
export const elementCount = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
