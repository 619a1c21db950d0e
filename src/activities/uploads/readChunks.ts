import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import type { ObjectStore } from '../../store';
import { Meter } from '../meter';
import type { Measured } from '../meter';

/** The bytes of objects, in the order given, as one sequence of blocks. The next object is asked for while one is read. */
export async function* readChunks(
  objects: Pick<ObjectStore, 'get'>,
  bucket: string,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const ask = (name: string | undefined): Promise<Readable> | null => {
    if (name === undefined) return null;
    const asked = objects.get(bucket, name).then((stream) => addAbortSignal(signal, stream));
    asked.catch(() => undefined); // a failure counts when its turn comes
    return asked;
  };
  let ahead = ask(names[0]);
  try {
    for (let k = 0; ahead; k += 1) {
      const current = await ahead;
      ahead = ask(names[k + 1]);
      yield* current as AsyncIterable<Buffer>;
    }
  } finally {
    ahead?.then(
      (unread) => unread.on('error', () => undefined).destroy(),
      () => undefined,
    );
  }
}

export async function measure(blocks: AsyncIterable<Buffer>): Promise<Measured> {
  const meter = new Meter();
  for await (const block of blocks) meter.add(block);
  return meter.measured();
}
