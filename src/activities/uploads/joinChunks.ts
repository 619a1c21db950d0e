import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ObjectStore } from '../../store';

export interface JoinedFile {
  sha256: string;
  size: number;
}

/**
 * Joins objects, in the order given, into one local file and hashes it on the way. Never holds more than some blocks in memory;
 * the next object is asked for while one is read.
 */
export async function joinObjects(
  objects: Pick<ObjectStore, 'get'>,
  bucket: string,
  names: readonly string[],
  target: string,
  signal: AbortSignal,
): Promise<JoinedFile> {
  const hash = createHash('sha256');
  let size = 0;
  const ask = (name: string | undefined): Promise<Readable> | null => {
    if (name === undefined) return null;
    const asked = objects.get(bucket, name);
    asked.catch(() => undefined); // a failure counts when its turn comes
    return asked;
  };
  const blocks = async function* (): AsyncGenerator<Buffer> {
    let ahead = ask(names[0]);
    try {
      for (let k = 0; ahead; k += 1) {
        const current = await ahead;
        ahead = ask(names[k + 1]);
        for await (const block of current as AsyncIterable<Buffer>) {
          hash.update(block);
          size += block.length;
          yield block;
        }
      }
    } finally {
      ahead?.then(
        (unread) => unread.destroy(),
        () => undefined,
      );
    }
  };
  await pipeline(blocks, createWriteStream(target), { signal });
  return { sha256: hash.digest('hex'), size };
}
