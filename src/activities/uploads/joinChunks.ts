import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { pipeline } from 'node:stream/promises';
import type { ObjectStore } from '../../store';

export interface JoinedFile {
  sha256: string;
  size: number;
}

/** Joins objects, in the order given, into one local file and hashes it on the way. Never holds more than one block in memory. */
export async function joinObjects(
  objects: Pick<ObjectStore, 'get'>,
  bucket: string,
  paths: readonly string[],
  target: string,
  signal: AbortSignal,
): Promise<JoinedFile> {
  const hash = createHash('sha256');
  const out = createWriteStream(target);
  let size = 0;
  try {
    for (const path of paths) {
      const hashed = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
        for await (const block of source) {
          hash.update(block);
          size += block.length;
          yield block;
        }
      };
      await pipeline(await objects.get(bucket, path), hashed, out, { end: false, signal });
    }
  } finally {
    out.end();
    await finished(out).catch(() => undefined);
  }
  return { sha256: hash.digest('hex'), size };
}
