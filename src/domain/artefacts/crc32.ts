const SLICES = 4;
const TABLES = buildTables();

/**
 * Cyclic redundancy check of zip files (polynomial 0xEDB88320), continued over several chunks.
 * Four bytes per step from four tables: several times faster than byte by byte, which a download of gigabytes needs.
 *
 * @param previous result for the bytes before this chunk; 0 at the start
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  let at = 0;
  for (const end = bytes.length - (bytes.length % SLICES); at < end; at += SLICES) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc = TABLES[768 + (crc & 255)]! ^ TABLES[512 + ((crc >>> 8) & 255)]! ^ TABLES[256 + ((crc >>> 16) & 255)]! ^ TABLES[crc >>> 24]!;
  }
  for (; at < bytes.length; at += 1) crc = TABLES[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Table k at [k·256 …]: the effect of a byte followed by k zero bytes. */
function buildTables(): Int32Array {
  const tables = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i += 1) tables[i] = tables[tables[i - 256]! & 255]! ^ (tables[i - 256]! >>> 8);
  return tables;
}
