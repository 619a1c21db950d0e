import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Measured } from '../meter';
import type { ParsedFile } from './series';

const BLOCK_BYTES = 1024 * 1024;
/** One is filled while others are parsed or wait for it. */
const BLOCKS = 4;

/** What a thread is given to parse what {@link startParse} sends it. */
export interface BlocksTask {
  fileName: string;
  label: string;
  /** bytes to come */
  size: number;
  port: MessagePort;
}

/** A block on its way to the thread, and back with its buffer to be filled again. */
export interface Block {
  buffer: ArrayBuffer;
  length: number;
}

/** What a thread found out about the bytes it was sent. */
export interface ParsedContent {
  measured: Measured;
  parsed: ParsedFile;
}

/** A file parsed and hashed in another thread while its bytes arrive. */
export interface SeriesParse {
  /** takes the next bytes, which are copied; waits while the thread is behind */
  push(bytes: Uint8Array): Promise<void>;
  end(): Promise<ParsedContent>;
  /** gives the thread free when the bytes will not come; harmless after the end */
  abandon(): void;
}

type Run = (task: BlocksTask, port: MessagePort) => Promise<ParsedContent>;

/** Resolves as soon as a thread is ready: whoever opens connections for the bytes then does not let them wait for it. */
export async function startParse(run: Run, file: Omit<BlocksTask, 'port'>): Promise<SeriesParse> {
  const { port1: port, port2 } = new MessageChannel();
  const result = run({ ...file, port: port2 }, port2).finally(() => port.close());
  result.catch(() => undefined); // told to whoever waits for the next step

  const free = Array.from({ length: BLOCKS }, () => new Uint8Array(BLOCK_BYTES));
  let filling = free.pop();
  let length = 0;
  let wake = (): void => undefined;
  const ready = new Promise<void>((resolve) => (wake = resolve));
  port.on('message', (block: Block | null) => {
    if (block) free.push(new Uint8Array(block.buffer));
    wake();
  });

  const send = (): void => {
    if (!filling) return;
    const block: Block = { buffer: filling.buffer, length };
    port.postMessage(block, [filling.buffer]);
    [filling, length] = [undefined, 0];
  };

  /** A block to fill. @throws what the thread failed of */
  async function space(): Promise<Uint8Array<ArrayBuffer>> {
    while (!(filling ??= free.pop())) {
      const returned = new Promise<void>((resolve) => (wake = resolve));
      await Promise.race([returned, result]);
    }
    return filling;
  }

  await Promise.race([ready, result]);
  return {
    async push(bytes) {
      for (let at = 0; at < bytes.length;) {
        const block = filling ?? (await space());
        const part = bytes.subarray(at, at + BLOCK_BYTES - length);
        block.set(part, length);
        at += part.length;
        length += part.length;
        if (length === BLOCK_BYTES) send();
      }
    },
    end() {
      if (length > 0) send();
      port.postMessage(null);
      return result;
    },
    abandon: () => port.close(),
  };
}
