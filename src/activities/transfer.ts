import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectStore } from '../store';
import { StoreError, StoreUnavailable } from '../store';

const TRIES = 4;
const FIRST_PAUSE_MS = 500;

/**
 * Uploads a file, replacing an object of the same name: an earlier attempt of the run may have left other bytes there.
 * Repeated with growing pauses while storage is unavailable, until the signal ends it.
 */
export async function storeFile(
  objects: Pick<ObjectStore, 'put'>,
  bucket: string,
  name: string,
  file: string,
  contentType: string,
  signal?: AbortSignal,
): Promise<void> {
  for (let attempt = 1, pause = FIRST_PAUSE_MS; ; attempt += 1, pause *= 2) {
    signal?.throwIfAborted();
    try {
      return await objects.put(bucket, name, createReadStream(file, { signal }), contentType, { upsert: true });
    } catch (error) {
      if (error instanceof StoreError || attempt === TRIES || signal?.aborted === true) throw error;
      await sleep(pause, undefined, { signal });
    }
  }
}

/** Waits no longer than the signal lets it; what is under way is left alone, and nobody hears of its end. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Downloads an object and checks its hash on the way. @throws StoreUnavailable when other bytes came than were stored once */
export async function fetchVerified(
  objects: Pick<ObjectStore, 'get'>,
  { bucket, objectPath, sha256 }: { bucket: string; objectPath: string; sha256: string },
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  const hashed = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const block of source) {
      hash.update(block);
      yield block;
    }
  };
  await pipeline(await objects.get(bucket, objectPath), hashed, createWriteStream(file), { signal });
  if (hash.digest('hex') !== sha256) throw new StoreUnavailable('storage', 'an object has other bytes than were stored');
}
