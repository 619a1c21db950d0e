import { addAbortSignal, Readable } from 'node:stream';
import type { ParsedFile, SeriesParse } from '../compute';
import { Meter } from './readChunks';
import type { Measured } from './readChunks';

const AHEAD_BYTES = 1024 * 1024;

interface Passing {
  blocks: AsyncIterable<Buffer>;
  parse: SeriesParse;
  /** sends a body to its object, which exists only once all of the body was sent */
  put: (body: Readable) => Promise<void>;
  /** whether these are the bytes the object is named after */
  isWanted: (measured: Measured) => boolean;
}

export interface PassedContent {
  measured: Measured;
  /** null = other bytes than wanted: nothing was stored */
  parsed: ParsedFile | null;
}

/** Reads content once: every block is hashed, parsed and stored as it passes, so an assembly takes as long as the slowest of the three. */
export async function storeContent({ blocks, parse, put, isWanted }: Passing, signal: AbortSignal): Promise<PassedContent> {
  const meter = new Meter();
  const read: { measured: Measured | null; failure: unknown } = { measured: null, failure: null };

  async function* passing(): AsyncGenerator<Buffer> {
    try {
      for await (const block of blocks) {
        meter.add(block);
        await parse.push(block);
        yield block;
      }
    } catch (error) {
      read.failure = error;
      throw error;
    }
    read.measured = meter.measured();
    // a body that breaks off before its end leaves no object
    if (!isWanted(read.measured)) throw new Error('the bytes are others than announced');
  }

  try {
    await put(addAbortSignal(signal, Readable.from(passing(), { objectMode: false, highWaterMark: AHEAD_BYTES })));
  } catch (error) {
    const { measured, failure } = read;
    if (measured && !isWanted(measured)) return { measured, parsed: null };
    throw failure ?? error; // a transfer that ended because nothing more came is no fault of the storage
  }
  if (!read.measured) throw new Error('stored without having been read');
  return { measured: read.measured, parsed: await parse.end() };
}
