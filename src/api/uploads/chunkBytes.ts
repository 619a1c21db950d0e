import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
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

/** Hashed already and held in memory while it is being decided whether the bytes may be stored. */
const AHEAD_BYTES = 2 * 1024 * 1024;

/** Hashes and counts what passes; more than `limit` bytes end it with FILE_TOO_LARGE. */
class Meter extends Transform {
  private readonly hash = createHash('sha256');
  private size = 0;

  constructor(private readonly limit: () => number) {
    super({ readableHighWaterMark: AHEAD_BYTES });
  }

  override _transform(part: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.size += part.length;
    if (this.size > this.limit()) return done(new ApiError('FILE_TOO_LARGE'));
    this.hash.update(part);
    done(null, part);
  }

  measured(): Measured {
    return { sha256: this.hash.digest('hex'), size: this.size };
  }
}

/** Whose folder of the chunk bucket. */
export interface Owner {
  userId: string;
  sessionId: string;
}

/** Where chunks go while their row is not written: the chunk bucket, or a temporary file until the metadata has come. */
export interface ChunkBytes {
  /**
   * Streams to object storage; a stream cannot be retried, so the client repeats the chunk after a 503.
   * @param owner  until it is known the first bytes are read; when it is refused nothing is stored
   */
  store(source: Readable, owner: Owner | Promise<Owner>, limit: () => number): Promise<StoredChunk>;
  /** removes an object that no row will name; what cannot be removed now is queued, or found by the sweep */
  discard(objectPath: string, userId: string): Promise<void>;
  spool(source: Readable, limit: () => number): Promise<SpooledChunk>;
}

export interface SpooledChunk {
  open(): Readable;
  remove(): Promise<void>;
}

export function createChunkBytes(
  { objects, service }: Store,
  log: Logger,
  { bucket, workDir }: { bucket: string; workDir?: string },
): ChunkBytes {
  const discard = async (objectPath: string, userId: string): Promise<void> => {
    try {
      await objects.remove(bucket, [objectPath]);
    } catch {
      await service
        .queueDeletions([{ bucket, path: objectPath, userId }])
        .catch((error: unknown) => log.warn({ err: error }, 'an orphan chunk is left to the sweep'));
    }
  };

  return {
    discard,

    async store(source, owner, limit) {
      const meter = new Meter(limit);
      meter.on('error', () => undefined); // told by the two steps
      const store = async (): Promise<{ userId: string; objectPath: string }> => {
        const { userId, sessionId } = await owner;
        const objectPath = `${userId}/${sessionId}/${randomUUID()}`;
        await objects.put(bucket, objectPath, meter, CONTENT_TYPE);
        return { userId, objectPath };
      };
      const storing = store();
      storing.catch((error: Error) => meter.destroy(error)); // what still comes is not read
      const [fed, put] = await Promise.allSettled([pipeline(source, meter), storing]);
      if (fed.status === 'fulfilled' && put.status === 'fulfilled') return { objectPath: put.value.objectPath, ...meter.measured() };
      if (put.status === 'fulfilled') await discard(put.value.objectPath, put.value.userId);
      throw failureOf(fed, put);
    },

    async spool(source, limit) {
      const folder = workRoot(workDir);
      const file = path.join(folder, `${ownPrefix}chunk-${randomUUID()}`);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const remove = (): Promise<void> => rm(file, { force: true });
      // opened first: a pipeline that fails does not wait for a stream to open its file, which would then appear after its removal
      const handle = await open(file, 'wx', 0o600);
      try {
        await pipeline(source, new Meter(limit), handle.createWriteStream());
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
