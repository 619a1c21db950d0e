// realtime.md 5.2: at most four training_progress per second and run; a little more than a quarter, since not all take equally long to arrive
const SPACING_MS = 270;
// Runs whose last event is older cannot be slowed down by it any more.
const FORGET_MS = 60_000;

/**
 * Keeps the events of a run apart, whichever activity sends them. A run passes from process to process: each begins by noting the moment it
 * takes over, which is not before the last event of the one before it.
 */
export class Pacer {
  private readonly last = new Map<string, number>();

  /** milliseconds until another event of the run may be sent; 0 = now */
  delay(runId: string, now = Date.now()): number {
    return Math.max(0, (this.last.get(runId) ?? -Infinity) + SPACING_MS - now);
  }

  /** an event was sent, by this process or, for all it knows, by another one */
  note(runId: string, at = Date.now()): void {
    this.last.set(runId, at);
    for (const [other, sent] of this.last) if (sent < at - FORGET_MS) this.last.delete(other);
  }

  async turn(runId: string): Promise<void> {
    for (let wait = this.delay(runId); wait > 0; wait = this.delay(runId)) await new Promise((resolve) => setTimeout(resolve, wait));
    this.note(runId);
  }
}
