import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import type { Readable, TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Logger } from '../../log';
import type { Store } from '../../store';
import { ownPrefix, workRoot } from '../../workFolders';
import { ApiError } from '../errors';

const CONTENT_TYPE = 'application/octet-stream';

export interface Measured {
  sha256: string;
  size: number;
}

/** A chunk whose bytes are durable under a random name that no row refers to yet. */
export interface StoredChunk extends Measured {
  objectPath: string;
}

/** Hashes and counts what passes; more than `limit` bytes end it with FILE_TOO_LARGE. */
class Meter extends Transform {
  private readonly hash = createHash('sha256');
  private size = 0;

  constructor(private readonly limit: number) {
    super();
  }

  override _transform(part: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += part.length;
    if (this.size > this.limit) return done(new ApiError('FILE_TOO_LARGE'));
    this.hash.update(part);
    done(null, part);
  }

  measured(): Measured {
    return { sha256: this.hash.digest('hex'), size: this.size };
  }
}

/** Where chunks go while their row is not written: the chunk bucket, or a temporary file until the metadata has come. */
export interface ChunkBytes {
  /** streams to object storage; a stream cannot be retried, so the client repeats the chunk after a 503 */
  store(source: Readable, owner: { userId: string; sessionId: string }, limit: number): Promise<StoredChunk>;
  /** removes an object that no row will name; what cannot be removed now is queued, or found by the sweep */
  discard(objectPath: string, userId: string): Promise<void>;
  spool(source: Readable, limit: number): Promise<SpooledChunk>;
}

export interface SpooledChunk {
  open(): Readable;
  remove(): Promise<void>;
}

export function createChunkBytes(store: Store, log: Logger, { bucket, workDir }: { bucket: string; workDir?: string }): ChunkBytes {
  const discard = async (objectPath: string, userId: string): Promise<void> => {
    try {
      await store.objects.remove(bucket, [objectPath]);
    } catch {
      await store.service
        .queueDeletions([{ bucket, path: objectPath, userId }])
        .catch((error: unknown) => log.warn({ err: error }, 'an orphan chunk is left to the sweep'));
    }
  };

  return {
    discard,

    async store(source, { userId, sessionId }, limit) {
      const objectPath = `${userId}/${sessionId}/${randomUUID()}`;
      const meter = new Meter(limit);
      const [fed, put] = await Promise.allSettled([pipeline(source, meter), store.objects.put(bucket, objectPath, meter, CONTENT_TYPE)]);
      if (fed.status === 'fulfilled' && put.status === 'fulfilled') return { objectPath, ...meter.measured() };
      if (put.status === 'fulfilled') await discard(objectPath, userId);
      throw failureOf(fed, put);
    },

    async spool(source, limit) {
      const folder = workRoot(workDir);
      const file = path.join(folder, `${ownPrefix}chunk-${randomUUID()}`);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const remove = (): Promise<void> => rm(file, { force: true });
      try {
        await pipeline(source, new Meter(limit), createWriteStream(file, { mode: 0o600 }));
      } catch (error) {
        await remove();
        throw error;
      }
      return { open: () => createReadStream(file), remove };
    },
  };
}

/** A storage that refuses also tears the stream, and a torn stream also fails the transfer: the refusal of either side comes first. */
function failureOf(fed: PromiseSettledResult<unknown>, put: PromiseSettledResult<unknown>): unknown {
  const reasons = [fed, put].flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  return reasons.find((reason) => reason instanceof ApiError) ?? reasons.at(-1);
}
