import type { ParentMessage } from './types';

/** Thrown inside the child to leave a training that the caller stopped. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Long enough to cost nothing, short enough that a stop message waits no longer than one training step. */
const BREATH_MS = 20;

/** Lets messages in between two steps of a calculation that would otherwise block the process. */
export class Pacer {
  private last = performance.now();

  /** @param order what the parent has asked for so far */
  constructor(private readonly order: () => ParentMessage['type'] | null) {}

  /**
   * @param save leaves a checkpoint, if the parent asks for one
   * @returns a promise only when it is time to pause; it rejects with {@link Stopped} after a stop message
   */
  breathe(save?: () => void): Promise<void> | undefined {
    return performance.now() - this.last < BREATH_MS ? undefined : this.pause(save);
  }

  async pause(save?: () => void): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.last = performance.now();
    const order = this.order();
    if (order === null) return;
    if (order === 'checkpoint-and-stop') save?.();
    throw new Stopped();
  }
}
