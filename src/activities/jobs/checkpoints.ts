import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from '../../log';
import type { ObjectStore } from '../../store';
import { CHECKPOINT_FILE } from '../../training';
import { checkpointEpoch, checkpointObject, runFolder } from '../objectNames';
import { storeFile } from '../transfer';
import type { Run } from '../types';

/** The newest checkpoint of one run in object storage; older ones are removed. */
export class CheckpointStore {
  private key: string | null = null;

  constructor(
    private readonly objects: ObjectStore,
    private readonly bucket: string,
    private readonly run: Run,
    private readonly log: Logger,
  ) {}

  /** object name of the newest stored checkpoint, for the heartbeat */
  get newest(): string | null {
    return this.key;
  }

  /**
   * Fetches what an earlier attempt of this run left.
   * @param hint  object name from that attempt's heartbeat; the listing is what counts, a hint may be older or already removed
   * @returns folder with the checkpoint, null when there is none
   */
  async restore(hint: string | null, folder: string): Promise<string | null> {
    const listed = await this.objects.list(this.bucket, runFolder(this.run));
    const known = listed
      .filter((name) => checkpointEpoch(name) !== null)
      .sort((a, b) => (checkpointEpoch(b) ?? 0) - (checkpointEpoch(a) ?? 0));
    const candidates = [...known, ...(hint !== null && !known.includes(hint) ? [hint] : [])];
    for (const name of candidates) {
      try {
        await mkdir(folder, { recursive: true });
        await this.objects.getFile(this.bucket, name, path.join(folder, CHECKPOINT_FILE));
        this.key = name;
        return folder;
      } catch (error) {
        this.log.warn({ runId: this.run.runId, error }, 'a checkpoint could not be read');
      }
    }
    return null;
  }

  /** A checkpoint that cannot be stored costs repeated work after a crash, not the training. */
  async save(epoch: number, dir: string): Promise<void> {
    const name = checkpointObject(this.run, epoch);
    try {
      await storeFile(this.objects, this.bucket, name, path.join(dir, CHECKPOINT_FILE), 'application/octet-stream');
      const older = this.key;
      this.key = name;
      if (older !== null && older !== name) await this.objects.remove(this.bucket, [older]);
    } catch (error) {
      this.log.warn({ runId: this.run.runId, epoch, error }, 'a checkpoint was not stored');
    }
  }
}
