import { createHash } from 'node:crypto';
import type { Addon, NodeBackend, OpAttribute } from './addon';
import { flag, integer, integers, real, shape, text, type } from './attributes';
import type { Attribute, ConstantType, ConstantValues } from './attributes';
import type { GraphBuilder, Output } from './graph';

/**
 * Larger graphs are refused: TensorFlow needs about 0.3 ms and 70 kB per node before the first step, so this is some ten seconds and 2 GB.
 * Reached by recurrent layers with activations that have to be unrolled, at about 500 steps of two layers.
 */
const MAX_NODES = 30_000;
/** Constants up to this size are written once: axes, shapes and factors. */
const SMALL_BYTES = 64;

/** The calculation cannot be written as a graph; it has to run operation by operation. */
export class NotRecordable extends Error {
  override readonly name = 'NotRecordable';
}

/**
 * Writes every operation that TensorFlow.js sends to the addon into a graph while it runs: same operation, same attributes,
 * host arrays as constants. What existed before must be named in `known`.
 */
export class Recorder {
  private readonly outputs: Map<number, Output>;
  /** small constants that were met before, as an unrolled loop meets them at every step */
  private readonly constants = new Map<string, Output>();
  private readonly hash = createHash('sha256');

  /** @param known tensor id → graph output of what exists before: batch and weights */
  constructor(
    private readonly addon: Addon,
    private readonly graph: GraphBuilder,
    known: ReadonlyMap<number, Output>,
  ) {
    this.outputs = new Map(known);
  }

  /** @throws NotRecordable when the work reads a tensor back or uses one that is unknown */
  record<T>(backend: NodeBackend, work: () => T): T {
    const { addon } = this;
    // the addon's own properties cannot be replaced, those of an object that inherits from it can
    const observed = Object.create(addon, {
      executeOp: {
        value: (op: string, attributes: readonly OpAttribute[], inputs: readonly number[], count: number) => {
          const results = addon.executeOp(op, attributes, inputs, count);
          this.addNode(op, attributes, inputs, results);
          return results;
        },
      },
      createTensor: {
        value: (sizes: readonly number[], dtype: number, values: Float32Array | Int32Array | Uint8Array) => {
          const id = addon.createTensor(sizes, dtype, values);
          this.outputs.set(id, this.addConstant(sizes, dtype, values));
          return id;
        },
      },
      tensorDataSync: {
        value: () => {
          throw new NotRecordable('the step reads a tensor back');
        },
      },
    }) as Addon;
    backend.binding = observed;
    try {
      return work();
    } finally {
      backend.binding = addon;
    }
  }

  /** @throws NotRecordable for a tensor that neither was known nor came to be during the recording */
  outputOf(id: number): Output {
    const output = this.outputs.get(id);
    if (output === undefined) throw new NotRecordable(`tensor ${id} comes from outside the step`);
    return output;
  }

  /** Digest of all host-made constants: two recordings with different data must agree, or something was computed on the host. */
  constantsDigest(): string {
    return this.hash.digest('hex');
  }

  private addNode(op: string, attributes: readonly OpAttribute[], inputs: readonly number[], results: readonly { id: number }[]): void {
    if (this.graph.size >= MAX_NODES) throw new NotRecordable(`the step has more than ${MAX_NODES} operations`);
    const given = attributes.filter(({ value }) => value !== null && value !== undefined);
    const encoded = Object.fromEntries(given.map((attribute) => [attribute.name, this.encode(op, attribute)]));
    const node = this.graph.node(
      op,
      inputs.map((id) => this.outputOf(id)),
      encoded,
    );
    results.forEach(({ id }, k) => this.outputs.set(id, k === 0 ? node : `${node}:${k}`));
  }

  private addConstant(sizes: readonly number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): Output {
    const name = this.typeName(dtype);
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const header = `${name}[${sizes.join()}]`;
    this.hash.update(header).update(bytes);
    const key = bytes.length <= SMALL_BYTES ? header + bytes.toString('hex') : null;
    const known = key === null ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    // TensorFlow.js hands over 64-bit integers as pairs of 32-bit ones
    const content: ConstantValues = name === 'int64' ? new BigInt64Array(Int32Array.from(values).buffer) : values;
    const output = this.graph.constant(name, sizes, content);
    if (key !== null) this.constants.set(key, output);
    return output;
  }

  private encode(op: string, { name, type: kind, value }: OpAttribute): Attribute {
    const { addon } = this;
    switch (kind) {
      case addon.TF_ATTR_TYPE:
        return type(this.typeName(value as number));
      case addon.TF_ATTR_INT:
        return Array.isArray(value) ? integers(value as number[]) : integer(value as number);
      case addon.TF_ATTR_BOOL:
        return flag(value as boolean);
      case addon.TF_ATTR_FLOAT:
        return real(value as number);
      case addon.TF_ATTR_STRING:
        return text(value as string);
      case addon.TF_ATTR_SHAPE:
        return shape(value as number[]);
      default:
        throw new NotRecordable(`attribute ${name} of ${op} has the unknown kind ${kind}`);
    }
  }

  private typeName(dtype: number): ConstantType {
    const { addon } = this;
    switch (dtype) {
      case addon.TF_FLOAT:
        return 'float';
      case addon.TF_INT32:
        return 'int32';
      case addon.TF_INT64:
        return 'int64';
      case addon.TF_BOOL:
        return 'bool';
      default:
        throw new NotRecordable(`tensors of type ${dtype} are not handled`);
    }
  }
}
