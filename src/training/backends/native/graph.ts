import { flag, shape, tensor, text, type } from './attributes';
import type { Attribute, ConstantType, ConstantValues, DataType } from './attributes';
import { bytesField, integerField } from './protobuf';

/** Version that graph and operations are read as; any from TensorFlow 2.x does (tensorflow/core/public/version.h). */
const GRAPH_VERSION = 1994;
const SAVED_MODEL_VERSION = 1;
/** Tag under which the addon finds the graph. */
export const GRAPH_TAG = 'train';

/** Output of a node: its name, or `name:k` for output k ≥ 1. */
export type Output = string;

interface NodeOptions {
  name?: string;
  /** nodes that must have run before */
  after?: readonly Output[];
}

/** Writes a TensorFlow graph node by node, with the few operations that training steps have in common. */
export class GraphBuilder {
  private readonly nodes: Buffer[] = [];
  private readonly scalars = new Map<number, Output>();

  /** Number of nodes so far. */
  get size(): number {
    return this.nodes.length;
  }

  node(
    op: string,
    inputs: readonly Output[],
    attributes: Readonly<Record<string, Attribute>> = {},
    { name, after = [] }: NodeOptions = {},
  ): Output {
    const unique = name ?? `${op}_${this.nodes.length}`;
    // NodeDef of tensorflow/core/framework/node_def.proto; a leading ^ marks a control input
    const message = [
      bytesField(1, unique),
      bytesField(2, op),
      ...inputs.map((input) => bytesField(3, input)),
      ...after.map((output) => bytesField(3, `^${output.replace(/:\d+$/, '')}`)),
      ...Object.entries(attributes).map(([key, value]) => bytesField(5, Buffer.concat([bytesField(1, key), bytesField(2, value)]))),
    ];
    this.nodes.push(bytesField(1, Buffer.concat(message)));
    return unique;
  }

  constant(dtype: ConstantType, sizes: readonly number[], values: ConstantValues, options: NodeOptions = {}): Output {
    return this.node('Const', [], { dtype: type(dtype), value: tensor(dtype, sizes, values) }, options);
  }

  /** A float32 number, written once. */
  scalar(value: number): Output {
    const known = this.scalars.get(value) ?? this.constant('float', [], Float32Array.of(value));
    this.scalars.set(value, known);
    return known;
  }

  placeholder(name: string, dtype: DataType, sizes: readonly number[]): Output {
    return this.node('Placeholder', [], { dtype: type(dtype), shape: shape(sizes) }, { name });
  }

  /** An operation on float32 tensors with no further attributes. */
  float(op: string, inputs: readonly Output[], options: NodeOptions = {}): Output {
    return this.node(op, inputs, { T: type('float') }, options);
  }

  /** A float32 variable of the session. */
  variable(name: string, sizes: readonly number[]): Output {
    return this.node('VarHandleOp', [], { dtype: type('float'), shape: shape(sizes), shared_name: text(name) }, { name });
  }

  read(variable: Output, options: NodeOptions = {}): Output {
    return this.node('ReadVariableOp', [variable], { dtype: type('float') }, options);
  }

  assign(
    op: 'AssignVariableOp' | 'AssignAddVariableOp' | 'AssignSubVariableOp',
    variable: Output,
    value: Output,
    options: NodeOptions = {},
  ): Output {
    return this.node(op, [variable, value], { dtype: type('float') }, options);
  }

  /** Rows of a variable's first dimension; `rows` is an int32 vector. */
  gather(variable: Output, rows: Output): Output {
    return this.node('ResourceGather', [variable, rows], { dtype: type('float'), Tindices: type('int32'), validate_indices: flag(true) });
  }

  /** Bytes of saved_model.pb: SavedModel{version, MetaGraphDef{tags, GraphDef}}. It holds no variables and no signatures. */
  savedModel(): Buffer {
    const graph = Buffer.concat([...this.nodes, bytesField(4, integerField(1, GRAPH_VERSION))]);
    const metaGraph = Buffer.concat([bytesField(1, bytesField(4, GRAPH_TAG)), bytesField(2, graph)]);
    return Buffer.concat([integerField(1, SAVED_MODEL_VERSION), bytesField(2, metaGraph)]);
  }
}
