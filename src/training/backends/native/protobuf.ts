/** Protocol buffer wire format, only what a TensorFlow graph needs: https://protobuf.dev/programming-guides/encoding/ */

const WIRE_VARINT = 0;
const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

export function varint(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value)); // negative numbers are written as 64-bit two's complement
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const key = (field: number, wire: number): Buffer => varint((field << 3) | wire);

/** Field of an integer, enum or bool. */
export const integerField = (field: number, value: number | bigint): Buffer => Buffer.concat([key(field, WIRE_VARINT), varint(value)]);

/** Field of a string, bytes, message or packed list. */
export function bytesField(field: number, value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([key(field, WIRE_BYTES), varint(bytes.length), bytes]);
}

export function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

export const floatField = (field: number, value: number): Buffer => Buffer.concat([key(field, WIRE_FIXED32), float32(value)]);
