import { crc32 } from './crc32';

/** One file of an archive, produced while it is written. */
export interface ZipEntry {
  name: string;
  /** exact number of bytes `chunks` will give */
  size: number;
  /** every chunk is handed on as it is: it must not be overwritten later */
  chunks(): Iterable<Uint8Array>;
}

const STORED_VERSION = 20;
const ZIP64_VERSION = 45;
/** checksum and sizes follow the data (bit 3), the name is UTF-8 (bit 11) */
const FLAGS = 0x0808;
/** 1 January 1980: archives of the same content are the same bytes */
const DOS_DATE = 0x0021;
const LIMIT_32 = 0xffffffff;
const LIMIT_16 = 0xffff;

interface WrittenEntry {
  name: Uint8Array;
  size: number;
  crc: number;
  offset: number;
}

/**
 * An uncompressed zip archive as a stream of chunks, with zip64 records where a size or offset needs them.
 * Nothing is held but the directory, whatever the size of the entries.
 *
 * @throws RangeError when an entry gives another number of bytes than announced
 */
export function* zip(entries: Iterable<ZipEntry>): Generator<Uint8Array, void> {
  const written: WrittenEntry[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = new TextEncoder().encode(entry.name);
    const header = localHeader(name, entry.size);
    yield header;
    let crc = 0;
    let size = 0;
    for (const chunk of entry.chunks()) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      yield chunk;
    }
    if (size !== entry.size) throw new RangeError(`${entry.name}: ${entry.size} bytes announced, ${size} given`);
    const descriptor = dataDescriptor(crc, size);
    yield descriptor;
    written.push({ name, size, crc, offset });
    offset += header.length + size + descriptor.length;
  }
  const directory = written.map(directoryEntry);
  yield* directory;
  yield endOfDirectory(
    written.length,
    directory.reduce((sum, record) => sum + record.length, 0),
    offset,
  );
}

/** Bytes of the whole archive, known before it is written. */
export function zipSize(entries: Iterable<Pick<ZipEntry, 'name' | 'size'>>): number {
  let offset = 0;
  let directory = 0;
  let count = 0;
  for (const { name: text, size } of entries) {
    const name = new TextEncoder().encode(text);
    directory += directoryEntry({ name, size, crc: 0, offset }).length;
    offset += localHeader(name, size).length + size + dataDescriptor(0, size).length;
    count += 1;
  }
  return offset + directory + endOfDirectory(count, directory, offset).length;
}

function localHeader(name: Uint8Array, size: number): Uint8Array {
  const large = size >= LIMIT_32;
  const record = new Record(30 + name.length + (large ? 20 : 0));
  record
    .u32(0x04034b50)
    .u16(large ? ZIP64_VERSION : STORED_VERSION)
    .u16(FLAGS)
    .u16(0)
    .u16(0)
    .u16(DOS_DATE);
  record.u32(0);
  record.u32(large ? LIMIT_32 : 0).u32(large ? LIMIT_32 : 0);
  record
    .u16(name.length)
    .u16(large ? 20 : 0)
    .bytes(name);
  // the field's presence tells readers that the descriptor holds 8-byte sizes
  if (large) record.u16(1).u16(16).u64(0).u64(0);
  return record.done();
}

function dataDescriptor(crc: number, size: number): Uint8Array {
  const large = size >= LIMIT_32;
  const record = new Record(large ? 24 : 16).u32(0x08074b50).u32(crc);
  return (large ? record.u64(size).u64(size) : record.u32(size).u32(size)).done();
}

function directoryEntry({ name, size, crc, offset }: WrittenEntry): Uint8Array {
  const large = size >= LIMIT_32;
  const far = offset >= LIMIT_32;
  const extra = (large ? 16 : 0) + (far ? 8 : 0);
  const version = extra > 0 ? ZIP64_VERSION : STORED_VERSION;
  const record = new Record(46 + name.length + (extra > 0 ? 4 + extra : 0));
  record.u32(0x02014b50).u16(version).u16(version).u16(FLAGS).u16(0).u16(0).u16(DOS_DATE).u32(crc);
  record.u32(large ? LIMIT_32 : size).u32(large ? LIMIT_32 : size);
  record
    .u16(name.length)
    .u16(extra > 0 ? 4 + extra : 0)
    .u16(0)
    .u16(0)
    .u16(0)
    .u32(0);
  record.u32(far ? LIMIT_32 : offset).bytes(name);
  if (extra > 0) record.u16(1).u16(extra);
  if (large) record.u64(size).u64(size);
  if (far) record.u64(offset);
  return record.done();
}

function endOfDirectory(count: number, size: number, offset: number): Uint8Array {
  const large = count >= LIMIT_16 || size >= LIMIT_32 || offset >= LIMIT_32;
  const record = new Record(22 + (large ? 76 : 0));
  if (large) {
    record.u32(0x06064b50).u64(44).u16(ZIP64_VERSION).u16(ZIP64_VERSION).u32(0).u32(0);
    record.u64(count).u64(count).u64(size).u64(offset);
    record
      .u32(0x07064b50)
      .u32(0)
      .u64(offset + size)
      .u32(1);
  }
  const shownCount = large ? LIMIT_16 : count;
  record.u32(0x06054b50).u16(0).u16(0).u16(shownCount).u16(shownCount);
  return record
    .u32(large ? LIMIT_32 : size)
    .u32(large ? LIMIT_32 : offset)
    .u16(0)
    .done();
}

/** Little-endian fields one after the other. */
class Record {
  private readonly content: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(length: number) {
    this.content = new Uint8Array(length);
    this.view = new DataView(this.content.buffer);
  }

  u16(value: number): this {
    this.view.setUint16(this.at, value, true);
    this.at += 2;
    return this;
  }

  u32(value: number): this {
    this.view.setUint32(this.at, value, true);
    this.at += 4;
    return this;
  }

  u64(value: number): this {
    this.view.setBigUint64(this.at, BigInt(value), true);
    this.at += 8;
    return this;
  }

  bytes(value: Uint8Array): this {
    this.content.set(value, this.at);
    this.at += value.length;
    return this;
  }

  done(): Uint8Array {
    return this.content;
  }
}
