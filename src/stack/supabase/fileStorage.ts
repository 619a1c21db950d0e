/**
 * Object storage in files: streamed, and switched atomically from one content to the next.
 * (lite's own adapter is bundled in its CLI only, keeps whole files in memory and overwrites in place.)
 *
 * Layout: `<bucket>/<first two digits>/<hash of bucket and key>.json` describes the object and names the file with its bytes.
 * Hashed names exclude path traversal, a clash of "a" with "a/b", and the 255-byte limit of names.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, promises as fs } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';

interface Description {
  bucket: string;
  key: string;
  /** name of the file with the bytes */
  blob: string;
  size: number;
  mimetype: string;
  cacheControl: string;
  lastModified: number;
  eTag: string;
}

const READ_BYTES = 256 * 1024;

type Content = AsyncIterable<Uint8Array> | Uint8Array;

/** lite does not pass the Range header on: the download middleware leaves it here. */
export const requestedRange = new AsyncLocalStorage<string | undefined>();

const publicMetadata = ({ cacheControl, size, mimetype, lastModified, eTag }: Description) => ({
  cacheControl,
  contentLength: size,
  size,
  mimetype,
  lastModified: new Date(lastModified),
  eTag,
  httpStatusCode: 200,
});

/** One "bytes=from-to" or "bytes=from-"; anything else means the whole object. */
function parseRange(header: string | undefined, size: number): { start: number; end: number } | null {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || Number(from) >= size) return null;
  return { start: Number(from), end: to ? Math.min(Number(to), size - 1) : size - 1 };
}

export class FileStorage {
  readonly driver = null;

  constructor(private readonly folder: string) {}

  async getObject(bucket: string, key: string, _version?: string, headers?: { range?: string }) {
    const description = await this.read(bucket, key);
    const file = path.join(path.dirname(this.pathOf(bucket, key)), description.blob);
    await fs.access(file); // a stream would report a missing file only after the answer has begun
    const range = parseRange(headers?.range ?? requestedRange.getStore(), description.size);
    const body = description.size === 0 ? new Blob([]).stream() : toWeb(createReadStream(file, { highWaterMark: READ_BYTES, ...range }));
    const metadata = publicMetadata(description);
    if (!range) return { httpStatusCode: 200, metadata, body };
    const { start, end } = range;
    return {
      httpStatusCode: 206,
      metadata: { ...metadata, contentLength: end - start + 1, contentRange: `bytes ${start}-${end}/${description.size}` },
      body,
    };
  }

  async uploadObject(bucket: string, key: string, _version: string | undefined, content: Content, mimetype: string, cacheControl: string) {
    const target = this.pathOf(bucket, key);
    await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    const blob = `${path.basename(target)}.${randomUUID()}`;
    const { size, md5 } = await writeWhole(path.join(path.dirname(target), blob), content);
    const description: Description = { bucket, key, blob, size, mimetype, cacheControl, lastModified: Date.now(), eTag: `"${md5}"` };
    const previous = await this.read(bucket, key).catch(() => null);
    const fresh = `${target}.json.${randomUUID()}`;
    await fs.writeFile(fresh, JSON.stringify(description), { flush: true });
    await fs.rename(fresh, `${target}.json`); // from here on the new content is the object
    if (previous) await fs.rm(path.join(path.dirname(target), previous.blob), { force: true });
    return publicMetadata(description);
  }

  async deleteObject(bucket: string, key: string): Promise<void> {
    const target = this.pathOf(bucket, key);
    const description = await this.read(bucket, key).catch(() => null);
    await fs.rm(`${target}.json`, { force: true });
    if (description) await fs.rm(path.join(path.dirname(target), description.blob), { force: true });
  }

  async deleteObjects(bucket: string, keys: string[]): Promise<void> {
    for (const key of keys) await this.deleteObject(bucket, key);
  }

  async copyObject(fromBucket: string, from: string, _version: string | undefined, toBucket: string, to: string) {
    const { body, metadata } = await this.getObject(fromBucket, from);
    const { eTag, lastModified } = await this.uploadObject(
      toBucket,
      to,
      undefined,
      body as Content,
      metadata.mimetype,
      metadata.cacheControl,
    );
    return { httpStatusCode: 200, eTag, lastModified };
  }

  async headObject(bucket: string, key: string) {
    return publicMetadata(await this.read(bucket, key));
  }

  async privateAssetUrl(bucket: string, key: string): Promise<string> {
    const { blob } = await this.read(bucket, key);
    return `file://${path.join(path.dirname(this.pathOf(bucket, key)), blob)}`;
  }

  private pathOf(bucket: string, key: string): string {
    const hash = createHash('sha256').update(`${bucket}\0${key}`).digest('hex');
    return path.join(this.folder, encodeURIComponent(bucket), hash.slice(0, 2), hash);
  }

  private async read(bucket: string, key: string): Promise<Description> {
    return JSON.parse(await fs.readFile(`${this.pathOf(bucket, key)}.json`, 'utf8')) as Description;
  }
}

const toWeb = (stream: Readable) => Readable.toWeb(stream) as ReadableStream<Uint8Array>;

/** Writes and syncs a file; leaves none behind when the content breaks off. */
async function writeWhole(file: string, content: Content): Promise<{ size: number; md5: string }> {
  const hash = createHash('md5');
  let size = 0;
  const handle = await fs.open(file, 'wx', 0o600);
  try {
    const pieces = content instanceof Uint8Array ? [content] : (content as unknown as NodeStream<Uint8Array>);
    for await (const piece of pieces) {
      size += piece.byteLength;
      hash.update(piece);
      for (let at = 0; at < piece.byteLength;) at += (await handle.write(piece, at, piece.byteLength - at)).bytesWritten;
    }
    await handle.sync();
  } catch (error) {
    await handle.close();
    await fs.rm(file, { force: true });
    throw error;
  }
  await handle.close();
  return { size, md5: hash.digest('hex') };
}
