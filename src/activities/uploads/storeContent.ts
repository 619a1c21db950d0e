import { addAbortSignal, Readable } from 'node:stream';
import { StoreUnavailable } from '../../store';
import type { ParsedContent, SeriesParse } from '../compute';
import type { Measured } from '../meter';

const AHEAD_BYTES = 1024 * 1024;

interface Passing {
  blocks: AsyncIterable<Buffer>;
  /** bytes in all, as on record */
  size: number;
  parse: SeriesParse;
  /** sends a body to its object, which exists only once all of the body was sent */
  put: (body: Readable) => Promise<void>;
  /** whether these are the bytes the object is named after */
  isWanted: (measured: Measured) => boolean;
}

export interface PassedContent extends ParsedContent {
  /** false = other bytes than wanted: there is no object */
  stored: boolean;
}

/** Reads content once: every block is hashed, parsed and stored as it passes, so an assembly takes as long as the slowest of the three. */
export async function storeContent({ blocks, size, parse, put, isWanted }: Passing, signal: AbortSignal): Promise<PassedContent> {
  const read: { content: ParsedContent | null; failure: unknown } = { content: null, failure: null };

  async function* passing(): AsyncGenerator<Buffer> {
    // the last block is held back until all is known: with it the object is complete, its size having been announced
    let held: Buffer | null = null;
    try {
      for await (const block of blocks) {
        if (block.length === 0) continue;
        await parse.push(block);
        if (held) yield held;
        held = block;
      }
      read.content = await parse.end();
      const { measured } = read.content;
      if (measured.size !== size) throw new StoreUnavailable('storage', `${measured.size} bytes instead of ${size}`);
    } catch (error) {
      read.failure = error;
      throw error;
    }
    if (!isWanted(read.content.measured)) throw new Error('the bytes are others than announced');
    if (held) yield held;
  }

  try {
    await put(addAbortSignal(signal, Readable.from(passing(), { objectMode: false, highWaterMark: AHEAD_BYTES })));
  } catch (error) {
    const { content, failure } = read;
    if (!failure && content && !isWanted(content.measured)) return { ...content, stored: false };
    throw failure ?? error; // a transfer that ended because nothing more came is no fault of the storage
  }
  if (!read.content) throw new Error('stored without having been read');
  return { ...read.content, stored: true };
}
