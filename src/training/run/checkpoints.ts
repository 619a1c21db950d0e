import path from 'node:path';
import { writeCheckpoint } from '../fit';
import type { FitProgress, FitSnapshot } from '../fit';

/** A long epoch is saved in between, so that a crash costs a minute at most. */
const LONGEST_GAP_MS = 60_000;
/** Saving may take a fifth of the time: epochs of milliseconds would otherwise mostly wait for the disk. */
const LARGEST_SHARE = 1 / 5;

/** Decides when to save, and saves. Folders are named by position and never reused; who is told of one may remove it. */
export class CheckpointWriter {
  private savedAt = performance.now();
  private costMs = 0;

  constructor(
    private readonly folder: string,
    private readonly fingerprint: string,
    private readonly announce: (epoch: number, dir: string) => void,
  ) {}

  /** After an epoch. */
  afterEpoch(snapshot: () => FitSnapshot): void {
    if (performance.now() - this.savedAt >= this.costMs / LARGEST_SHARE) this.save(snapshot());
  }

  /** Inside an epoch. */
  between(snapshot: () => FitSnapshot): void {
    if (performance.now() - this.savedAt >= Math.max(LONGEST_GAP_MS, this.costMs / LARGEST_SHARE)) this.save(snapshot());
  }

  private save(snapshot: FitSnapshot): void {
    const began = performance.now();
    const dir = path.join(this.folder, checkpointName(snapshot.progress));
    writeCheckpoint(dir, this.fingerprint, snapshot);
    this.savedAt = performance.now();
    this.costMs = this.savedAt - began;
    this.announce(snapshot.progress.epoch, dir);
  }
}

const checkpointName = ({ epoch, batch }: FitProgress): string => (batch === 0 ? `checkpoint_${epoch}` : `checkpoint_${epoch}_${batch}`);
