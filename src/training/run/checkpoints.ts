import path from 'node:path';
import { writeCheckpoint } from '../fit';
import type { FitProgress, FitSnapshot } from '../fit';

/** A long epoch is saved in between, so that a crash costs a minute at most. */
const LONGEST_GAP_MS = 60_000;

/** Decides when to save, and saves. Folders are named by position and never written twice; who is told of one may remove it. */
export class CheckpointWriter {
  private savedAt = performance.now();
  private newest = '';

  constructor(
    private readonly folder: string,
    private readonly fingerprint: string,
    private readonly announce: (epoch: number, dir: string) => void,
  ) {}

  /** Inside an epoch: when the last one is a minute old. */
  between(snapshot: () => FitSnapshot): void {
    if (performance.now() - this.savedAt >= LONGEST_GAP_MS) this.save(snapshot());
  }

  /** After every epoch, and before the training goes on in another process. */
  save(snapshot: FitSnapshot): void {
    const dir = path.join(this.folder, checkpointName(snapshot.progress));
    if (dir === this.newest) return;
    writeCheckpoint(dir, this.fingerprint, snapshot);
    this.newest = dir;
    this.savedAt = performance.now();
    this.announce(snapshot.progress.epoch, dir);
  }
}

const checkpointName = ({ epoch, batch }: FitProgress): string => (batch === 0 ? `checkpoint_${epoch}` : `checkpoint_${epoch}_${batch}`);
