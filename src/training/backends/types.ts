import type * as tfjs from '@tensorflow/tfjs';
import type { Activation } from '../../domain/settings/types';
import type { Network } from '../networks/types';
import type { BackendInfo } from '../types';

/** The functions of TensorFlow.js; which kernels run them is the back end's matter. */
export type TensorFlow = typeof tfjs;

/** Keras's defaults, all from the specification (pipeline.md 13.2). */
export const ADAM = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;
export const BATCH_SIZE = 32;
/** Most windows per forward pass when forecasting. */
export const PREDICT_BATCH = 256;
/**
 * Windows per forward pass of a network. Convolutions and recurrent layers have work enough in 32 windows, and hold a value per cell and
 * channel: 256 windows of 97 × 9 with 512 filters would be half a gigabyte per layer.
 */
export const predictBatch = ({ layers }: Network): number =>
  layers.some(({ kind }) => kind === 'conv2d' || kind === 'lstm') ? BATCH_SIZE : PREDICT_BATCH;

/** The operations whose rounding decides whether a run equals Keras's; each back end supplies its own. Differentiable. */
export interface LayerOps {
  readonly tf: TensorFlow;
  /** x·kernel + bias over the last axis; x is batch × inputs or batch × steps × inputs */
  dense(x: tfjs.Tensor, kernel: tfjs.Tensor2D, bias: tfjs.Tensor1D): tfjs.Tensor;
  /** stride 1, padding "same"; x is batch × height × width × channels, kernel edge × edge × channels × filters */
  conv2d(x: tfjs.Tensor4D, kernel: tfjs.Tensor4D, bias: tfjs.Tensor1D): tfjs.Tensor4D;
  /**
   * Long short-term memory, gates i, f, c, o side by side in the last axis of all three weights, recurrent activation sigmoid.
   * @param x batch × steps × inputs
   * @param activation of candidate and output
   * @returns all steps, batch × steps × units
   */
  lstm(x: tfjs.Tensor3D, kernel: tfjs.Tensor2D, recurrentKernel: tfjs.Tensor2D, bias: tfjs.Tensor1D, activation: Activation): tfjs.Tensor3D;
  relu(x: tfjs.Tensor): tfjs.Tensor;
  /** mean of (forecast − truth)² over all elements; both are batch × steps × features */
  meanSquaredError(forecast: tfjs.Tensor3D, truth: tfjs.Tensor3D): tfjs.Scalar;
}

/** Scaled windows in a fixed order, written to the caller's buffers: float32, row-major (window, step, feature). */
export interface Samples {
  readonly count: number;
  readInputs(first: number, count: number, out: Float32Array): void;
  readOutputs(first: number, count: number, out: Float32Array): void;
}

/** Adam's memory: number of updates, first and second moments in weight order. */
export interface OptimizerState {
  step: number;
  m: Float32Array[];
  v: Float32Array[];
}

/** A network with its weights and optimiser on one back end. Not for concurrent use. */
export interface TrainableNetwork {
  /** how it is run, for the log */
  readonly mode: 'recorded graph' | 'eager';
  /**
   * One Adam update on the given training windows.
   * @param rows indices into the samples given at creation; at most BATCH_SIZE, and of one of the lengths that occur in an epoch
   * @returns mean squared error of the batch before the update
   */
  trainBatch(rows: Int32Array): number;
  /** @param inputs count × steps × features @returns count × (output steps · output features) */
  predict(inputs: Float32Array, count: number): Float32Array;
  /** copies, in weight order */
  readWeights(): Float32Array[];
  writeWeights(weights: readonly Float32Array[]): void;
  readOptimizer(): OptimizerState;
  writeOptimizer(state: OptimizerState): void;
  dispose(): void;
}

/** A network that only forecasts. */
export type Forecaster = Pick<TrainableNetwork, 'predict' | 'dispose'>;

export interface NetworkBackend {
  readonly info: BackendInfo;
  /** A network with finished weights: ready at once, nothing is prepared for training. */
  forecaster(network: Network, weights: readonly Float32Array[]): Forecaster;
  /**
   * @param weights first weights, in weight order
   * @param samples training windows; kept, or copied to the device
   */
  create(network: Network, weights: readonly Float32Array[], samples: Samples): TrainableNetwork;
}
