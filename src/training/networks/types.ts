import type { Activation } from '../../domain/settings/types';

/** Sizes of one learning problem: windows of `inputSteps × inputFeatures` are mapped to `outputSteps × outputFeatures`. */
export interface ProblemShape {
  inputSteps: number;
  inputFeatures: number;
  outputSteps: number;
  outputFeatures: number;
}

export interface DenseLayer {
  kind: 'dense';
  name: string;
  inputs: number;
  units: number;
  activation: Activation;
}

/** One step of the forward pass. Layer names are Keras's, so that exported files and stored weights read alike. */
export type Layer =
  { kind: 'flatten'; name: string } | DenseLayer | { kind: 'reshape'; name: string; shape: readonly [steps: number, features: number] };

/** Where the first values of a weight tensor come from (pipeline.md 13.2). */
export type Initializer = { kind: 'glorotUniform'; fanIn: number; fanOut: number } | { kind: 'constant'; value: number };

export interface WeightSpec {
  /** `<layer>/kernel` or `<layer>/bias` */
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
  /** in the order kernel, bias, layer by layer; the order of every weight list in this folder */
  weights: readonly WeightSpec[];
}

export const inputSize = ({ shape }: Network): number => shape.inputSteps * shape.inputFeatures;
export const outputSize = ({ shape }: Network): number => shape.outputSteps * shape.outputFeatures;
export const elementCount = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
