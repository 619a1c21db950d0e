import { bytesField, float32, floatField, integerField, varint } from './protobuf';

/** TensorFlow's DataType numbers (tensorflow/core/framework/types.proto). */
const DATA_TYPE = { float: 1, int32: 3, int64: 9, bool: 10, resource: 20 } as const;
export type DataType = keyof typeof DATA_TYPE;
export type ConstantType = Exclude<DataType, 'resource'>;

/** An encoded AttrValue message (tensorflow/core/framework/attr_value.proto). */
export type Attribute = Buffer & { readonly attribute: unique symbol };
const attribute = (bytes: Buffer): Attribute => bytes as Attribute;

export const text = (value: string): Attribute => attribute(bytesField(2, value));
export const integer = (value: number): Attribute => attribute(integerField(3, value));
export const real = (value: number): Attribute => attribute(floatField(4, value));
export const flag = (value: boolean): Attribute => attribute(integerField(5, value ? 1 : 0));
export const type = (value: DataType): Attribute => attribute(integerField(6, DATA_TYPE[value]));
/** −1 = any size */
export const shape = (sizes: readonly number[]): Attribute => attribute(bytesField(7, shapeMessage(sizes)));
export const integers = (values: readonly number[]): Attribute =>
  attribute(bytesField(1, bytesField(3, Buffer.concat(values.map(varint)))));

/** Values of a constant, as typed array of its type. */
export type ConstantValues = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A TensorProto. Equal values are written once, which TensorFlow repeats: a tensor of ones stays a few bytes. */
export function tensor(dtype: ConstantType, sizes: readonly number[], values: ConstantValues): Attribute {
  const first = values[0];
  const uniform = values.length > 1 && first !== undefined && values.every((value) => Object.is(value, first));
  const content = uniform ? repeatedValue(dtype, first) : bytesField(4, Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  return attribute(bytesField(8, Buffer.concat([integerField(1, DATA_TYPE[dtype]), bytesField(2, shapeMessage(sizes)), content])));
}

function repeatedValue(dtype: ConstantType, value: number | bigint): Buffer {
  switch (dtype) {
    case 'float':
      return bytesField(5, float32(Number(value)));
    case 'int32':
      return bytesField(7, varint(value));
    case 'int64':
      return bytesField(10, varint(value));
    case 'bool':
      return bytesField(11, varint(value));
  }
}

const shapeMessage = (sizes: readonly number[]): Buffer => Buffer.concat(sizes.map((size) => bytesField(2, integerField(1, size))));
