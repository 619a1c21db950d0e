import { createHash } from 'node:crypto';

export interface Measured {
  /** lower-case hex */
  sha256: string;
  /** bytes */
  size: number;
}

/** Hashes and counts what passes. */
export class Meter {
  private readonly hash = createHash('sha256');
  private size = 0;

  add(block: Uint8Array): void {
    this.hash.update(block);
    this.size += block.length;
  }

  measured(): Measured {
    return { sha256: this.hash.digest('hex'), size: this.size };
  }
}
