import util from 'node:util';
import type { DataId, Tensor, TensorInfo } from '@tensorflow/tfjs';
import type { TensorFlow } from '../types';

/** A tensor of the addon: an id, valid until deleteTensor. */
export interface TensorHandle {
  id: number;
  shape: number[];
  dtype: number;
}

/** Attribute of an operation as the addon takes it; `type` is one of the TF_ATTR_ numbers. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

/** The functions of the compiled addon that are used here (tfjs-node 4.22.0). All run synchronously on the calling thread. */
export interface Addon {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  /** The tensor shares the array's memory until it is deleted. */
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(op: string, attributes: readonly OpAttribute[], inputs: readonly number[], outputs: number): TensorHandle[];
  /** @returns id of a session holding the graph of saved_model.pb in the folder */
  loadSavedModel(folder: string, tag: string): number;
  deleteSavedModel(id: number): void;
  /** @param feeds,fetches `name:index`, separated by commas */
  runSavedModel(id: number, inputs: readonly number[], feeds: string, fetches: string): TensorHandle[];
}

/** The inner side of tfjs-node's back end; its methods are private to TypeScript, which is why the package is pinned exactly. */
export interface NodeBackend {
  binding: Addon;
  readonly isUsingGpuDevice: boolean;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  /** The tensor of TensorFlow.js for one of the addon. */
  createOutputTensor(handle: TensorHandle): Tensor;
  readSync(dataId: DataId): unknown;
}

export interface NativeTensorFlow {
  tf: TensorFlow;
  backend: NodeBackend;
}

/** Loads tfjs-node with its addon. @throws when the package or the TensorFlow library is not installed (`npm run native:install`) */
export async function loadNative(): Promise<NativeTensorFlow> {
  restoreRemovedUtilities();
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'; // its remarks on start are not for users
  // a name the compiler does not follow: the package is optional
  const name: string = '@tensorflow/tfjs-node';
  const tf = (await import(name)) as TensorFlow & { default?: TensorFlow };
  const api = tf.default ?? tf;
  await api.setBackend('tensorflow');
  return { tf: api, backend: api.backend() as unknown as NodeBackend };
}

/** tfjs-node 4.22.0 calls two functions of `util` that Node 22 warns about and Node 23 no longer has. */
function restoreRemovedUtilities(): void {
  const legacy = util as unknown as Record<string, unknown>;
  legacy['isNullOrUndefined'] = (value: unknown) => value === null || value === undefined;
  legacy['isArray'] = Array.isArray;
}
