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
import { BLOCK_BYTES, writeSynced } from './syncedFile';

interface Description {
  bucket: string;
  key: string;
  /** name of the file with the bytes */
  blob: string;
  size: number;
  mimetype: string;
  cacheControl: string;
  lastModified: number;
  /** names this content, as an opaque tag: a hash of the bytes would take longer than writing them */
  eTag: string;
}

/** Both bounds inclusive. */
interface Range {
  start: number;
  end: number;
}

/** An object found: what is known about it, and its bytes once they are asked for. */
export interface FoundObject {
  description: Description;
  /** the part asked for; null = all of it */
  range: Range | null;
  open: () => Readable;
}

export type Content = AsyncIterable<Uint8Array> | Uint8Array;

/** lite does not pass the Range header on: the download middleware leaves it here. */
export const requestedRange = new AsyncLocalStorage<string | undefined>();

export const publicMetadata = ({ cacheControl, size, mimetype, lastModified, eTag }: Description) => ({
  cacheControl,
  contentLength: size,
  size,
  mimetype,
  lastModified: new Date(lastModified),
  eTag,
  httpStatusCode: 200,
});

/** One "bytes=from-to" or "bytes=from-"; anything else means the whole object. */
function parseRange(header: string | undefined, size: number): Range | null {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || Number(from) >= size) return null;
  return { start: Number(from), end: to ? Math.min(Number(to), size - 1) : size - 1 };
}

export class FileStorage {
  readonly driver = null;

  constructor(private readonly folder: string) {}

  /** @param rangeHeader value of a Range header @throws Error when there is no such object */
  async find(bucket: string, key: string, rangeHeader?: string): Promise<FoundObject> {
    const description = await this.read(bucket, key);
    const file = path.join(path.dirname(this.pathOf(bucket, key)), description.blob);
    await fs.access(file); // a stream would report a missing file only after the answer has begun
    const range = parseRange(rangeHeader, description.size);
    const open = () => (description.size === 0 ? Readable.from([]) : createReadStream(file, { highWaterMark: BLOCK_BYTES, ...range }));
    return { description, range, open };
  }

  async getObject(bucket: string, key: string, _version?: string, headers?: { range?: string }) {
    const { description, range, open } = await this.find(bucket, key, headers?.range ?? requestedRange.getStore());
    const metadata = publicMetadata(description);
    const body = toWeb(open());
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
    const version = randomUUID();
    const blob = `${path.basename(target)}.${version}`;
    const bytes = content instanceof Uint8Array ? Readable.from([content]) : content;
    const size = await writeSynced(path.join(path.dirname(target), blob), bytes);
    const description: Description = { bucket, key, blob, size, mimetype, cacheControl, lastModified: Date.now(), eTag: `"${version}"` };
    const previous = await this.read(bucket, key).catch(() => null);
    const fresh = `${target}.json.${version}`;
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
    const { description, open } = await this.find(fromBucket, from);
    const { mimetype, cacheControl } = description;
    const { eTag, lastModified } = await this.uploadObject(toBucket, to, undefined, open(), mimetype, cacheControl);
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
