import { setImmediate as turn } from 'node:timers/promises';
import type { ByteRange } from './objectDownload';

/** The bytes of a range out of a stream that is generated: what comes before is made and dropped, what comes after is not made. */
export async function* streamPart(chunks: AsyncIterable<Uint8Array>, { start, end }: ByteRange): AsyncGenerator<Uint8Array, void> {
  let at = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(Math.max(0, start - at), Math.max(0, end + 1 - at));
    at += chunk.length;
    if (part.length > 0) yield part;
    else await turn(); // nobody waits for these chunks: others must have their turn between them
    if (at > end) return;
  }
}
