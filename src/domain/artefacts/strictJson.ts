/**
 * JSON text without NaN or Infinity: such numbers become null, typed arrays become lists (pipeline.md 17).
 * JSON.stringify writes non-finite numbers as null by itself, but a typed array as an object with numbered keys.
 */
export function strictJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_key, part: unknown) => (isNumberArray(part) ? Array.from(part) : part), indent) ?? 'null';
}

function isNumberArray(value: unknown): value is ArrayLike<number> {
  return (
    ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value instanceof BigInt64Array) && !(value instanceof BigUint64Array)
  );
}
