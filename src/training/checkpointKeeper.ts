import fs from 'node:fs/promises';
import type { ChildMessage } from './types';

export type CheckpointMessage = Extract<ChildMessage, { type: 'checkpoint' }>;

/**
 * Hands checkpoints to the caller one at a time and removes their folders. A child may save faster than the caller copies:
 * then those in between are skipped. The newest folder stays.
 */
export class CheckpointKeeper {
  private waiting: CheckpointMessage | null = null;
  private work: Promise<void> | null = null;
  private previous: string | null = null;
  private readonly removals = new Set<Promise<void>>();

  /** @param onError told when the caller could not take a checkpoint */
  constructor(
    private readonly take: (message: CheckpointMessage) => Promise<void> | void,
    private readonly onError: (error: unknown) => void,
  ) {}

  add(message: CheckpointMessage): void {
    const skipped = this.waiting;
    this.waiting = message;
    if (skipped && skipped.dir !== message.dir) this.track(remove(skipped.dir));
    this.work ??= this.drain();
  }

  /** The child has ended and another one may go on: the newest checkpoint is handed over. Resolves when nothing is being copied. */
  async handOver(): Promise<void> {
    await this.work;
    await Promise.all(this.removals);
  }

  /** Nobody will go on: whatever waits is dropped. Resolves when nothing is being copied. */
  async drop(): Promise<void> {
    this.waiting = null;
    return this.handOver();
  }

  private async drain(): Promise<void> {
    try {
      for (let next = this.waiting; next !== null; next = this.waiting) {
        this.waiting = null;
        await this.take(next);
        if (this.previous !== null && this.previous !== next.dir) this.track(remove(this.previous));
        this.previous = next.dir;
      }
    } catch (error) {
      this.onError(error);
    } finally {
      this.work = null;
    }
  }

  private track(removal: Promise<void>): void {
    const done: Promise<void> = removal.catch(this.onError).finally(() => this.removals.delete(done));
    this.removals.add(done);
  }
}

const remove = (folder: string): Promise<void> => fs.rm(folder, { recursive: true, force: true });
