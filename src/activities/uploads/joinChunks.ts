import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
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
  names: readonly string[],
  target: string,
  signal: AbortSignal,
): Promise<JoinedFile> {
  const hash = createHash('sha256');
  let size = 0;
  const blocks = async function* (): AsyncGenerator<Buffer> {
    for (const name of names) {
      for await (const block of (await objects.get(bucket, name)) as AsyncIterable<Buffer>) {
        hash.update(block);
        size += block.length;
        yield block;
      }
    }
  };
  await pipeline(blocks, createWriteStream(target), { signal });
  return { sha256: hash.digest('hex'), size };
}
