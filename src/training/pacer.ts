/** Thrown inside the child to leave a training that the caller stopped. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Long enough to cost nothing, short enough that a stop message waits no longer than one training step. */
const BREATH_MS = 20;

/** Lets messages in between two steps of a calculation that would otherwise block the process. */
export class Pacer {
  private last = performance.now();

  constructor(private readonly isStopped: () => boolean) {}

  /** @returns a promise only when it is time to pause; it rejects with {@link Stopped} after a stop message */
  breathe(): Promise<void> | undefined {
    return performance.now() - this.last < BREATH_MS ? undefined : this.pause();
  }

  async pause(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.last = performance.now();
    if (this.isStopped()) throw new Stopped();
  }
}
