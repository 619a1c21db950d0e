import { crc32 } from './crc32';

/** One file of an archive, produced while it is written. */
export interface ZipEntry<Content = Iterable<Uint8Array>> {
  name: string;
  /** exact number of bytes `chunks` will give */
  size: number;
  /** every chunk is handed on as it is: it must not be overwritten later */
  chunks(): Content;
}

/** Content at hand, or waited for. */
export type MaybeAsync<T> = Iterable<T> | AsyncIterable<T>;

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
  const archive = new ZipWriter();
  for (const entry of entries) {
    yield archive.begin(entry);
    for (const chunk of entry.chunks()) yield archive.add(chunk);
    yield archive.end();
  }
  yield* archive.finish();
}

/** The same of entries whose content is waited for. */
export async function* zipStream(entries: Iterable<ZipEntry<MaybeAsync<Uint8Array>>>): AsyncGenerator<Uint8Array, void> {
  const archive = new ZipWriter();
  for (const entry of entries) {
    yield archive.begin(entry);
    for await (const chunk of entry.chunks()) yield archive.add(chunk);
    yield archive.end();
  }
  yield* archive.finish();
}

/** The records around the content of entries, one entry after the other. */
class ZipWriter {
  private readonly written: WrittenEntry[] = [];
  private offset = 0;
  private entry = { label: '', announced: 0, name: new Uint8Array(), header: 0, size: 0, crc: 0 };

  begin({ name: label, size: announced }: Pick<ZipEntry, 'name' | 'size'>): Uint8Array {
    const name = new TextEncoder().encode(label);
    const header = localHeader(name, announced);
    this.entry = { label, announced, name, header: header.length, size: 0, crc: 0 };
    return header;
  }

  /** @returns the chunk itself */
  add(chunk: Uint8Array): Uint8Array {
    this.entry.crc = crc32(chunk, this.entry.crc);
    this.entry.size += chunk.length;
    return chunk;
  }

  end(): Uint8Array {
    const { label, announced, name, header, size, crc } = this.entry;
    if (size !== announced) throw new RangeError(`${label}: ${announced} bytes announced, ${size} given`);
    const descriptor = dataDescriptor(crc, size);
    this.written.push({ name, size, crc, offset: this.offset });
    this.offset += header + size + descriptor.length;
    return descriptor;
  }

  finish(): Uint8Array[] {
    const directory = this.written.map(directoryEntry);
    const size = directory.reduce((sum, record) => sum + record.length, 0);
    return [...directory, endOfDirectory(directory.length, size, this.offset)];
  }
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
