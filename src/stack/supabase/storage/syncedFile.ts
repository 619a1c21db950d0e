import { promises as fs } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Each hand-over of a block between the event loop and its threads costs as much as copying some hundred kilobytes. */
export const BLOCK_BYTES = 1024 * 1024;
/** So much may wait for the disk. What has arrived is written there while more arrives, so that the sync at the end finds little left to do. */
const UNSYNCED_BYTES = 2 * 1024 * 1024;

type Done = (error?: Error | null) => void;

/** A new file that is on disk when the stream has finished. */
class SyncedFile extends Writable {
  size = 0;
  private unsynced = 0;
  private syncing: Promise<void> | null = null;

  constructor(private readonly file: FileHandle) {
    super({ highWaterMark: BLOCK_BYTES });
  }

  override _write(block: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.append([block]).then(() => done(), done);
  }

  /** what arrives while blocks are written is written together after them */
  override _writev(blocks: { chunk: Buffer }[], done: Done): void {
    this.append(blocks.map(({ chunk }) => chunk)).then(() => done(), done);
  }

  override _final(done: Done): void {
    const sync = async (): Promise<void> => {
      await this.syncing;
      await this.file.sync();
    };
    sync().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    const close = async (): Promise<void> => {
      await this.syncing?.catch(() => undefined);
      await this.file.close();
    };
    close().then(() => done(error), done);
  }

  private async append(blocks: Buffer[]): Promise<void> {
    for (let left = blocks; left.length > 0;) {
      const { bytesWritten } = await this.file.writev(left);
      this.size += bytesWritten;
      this.unsynced += bytesWritten;
      left = after(left, bytesWritten);
    }
    if (this.unsynced < UNSYNCED_BYTES || this.syncing) return;
    this.unsynced = 0;
    const syncing = this.file.datasync().then(() => {
      this.syncing = null;
    });
    syncing.catch(() => undefined); // told at the end: the promise stays
    this.syncing = syncing;
  }
}

/** What is left of blocks once their first bytes are written: the system may take fewer than it was given. */
function after(blocks: readonly Buffer[], written: number): Buffer[] {
  let rest = written;
  return blocks.flatMap((block) => {
    const taken = Math.min(rest, block.length);
    rest -= taken;
    return taken === block.length ? [] : [block.subarray(taken)];
  });
}

/** Writes and syncs a file; leaves none behind when the content breaks off. @returns its size in bytes */
export async function writeSynced(file: string, content: AsyncIterable<Uint8Array>): Promise<number> {
  const target = new SyncedFile(await fs.open(file, 'wx', 0o600));
  try {
    await pipeline(content, target);
  } catch (error) {
    await fs.rm(file, { force: true });
    throw error;
  }
  return target.size;
}
