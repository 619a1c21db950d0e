/** Set in a byte that is not ASCII, for four bytes at once. */
const HIGH_BITS = 0x80808080 | 0;

/**
 * Position of the first byte that is not well-formed UTF-8 (Unicode 15, table 3-7), −1 when all is well.
 * A sequence must end before `end`: lines are cut at LF, which never occurs inside one.
 */
export function firstInvalidUtf8(bytes: Uint8Array, start: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let i = start;
  while (i < end) {
    // plain ASCII, nearly all of a file, goes sixteen bytes at a time
    while (i + 16 <= end && ((view.getInt32(i) | view.getInt32(i + 4) | view.getInt32(i + 8) | view.getInt32(i + 12)) & HIGH_BITS) === 0)
      i += 16;
    if (i === end) return -1;
    const lead = bytes[i]!;
    if (lead < 0x80) {
      i++;
      continue;
    }
    const length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    if (length === 0 || i + length > end) return i;
    const second = bytes[i + 1]!;
    const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80; // no overlong forms
    const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf; // no surrogates, nothing above U+10FFFF
    if (second < lowest || second > highest) return i;
    for (let k = 2; k < length; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return i;
    i += length;
  }
  return -1;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}
