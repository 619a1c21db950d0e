import { setTimeout as sleep } from 'node:timers/promises';

const WINDOW_MS = 1_000;
const PER_WINDOW = 4; // realtime.md 5.2: training_progress per second and run
// Runs whose last event is older cannot be slowed down by it any more.
const FORGET_MS = 60_000;

/** Remembers when events of each run were sent, so that no window of one second holds more than four, whichever activity sends them. */
export class Pacer {
  private readonly sent = new Map<string, number[]>();

  /** milliseconds until another event of the run may be sent; 0 = now */
  delay(runId: string, now = Date.now()): number {
    const times = this.recent(runId, now);
    const blocking = times.at(-PER_WINDOW);
    return blocking === undefined ? 0 : blocking + WINDOW_MS - now;
  }

  /** an event was sent, by this process or, as the row tells, by another one */
  note(runId: string, at = Date.now()): void {
    this.sent.set(
      runId,
      [...this.recent(runId, at), at].sort((a, b) => a - b),
    );
    for (const [other, times] of this.sent) if ((times.at(-1) ?? 0) < at - FORGET_MS) this.sent.delete(other);
  }

  async turn(runId: string): Promise<void> {
    for (let wait = this.delay(runId); wait > 0; wait = this.delay(runId)) await sleep(wait);
    this.note(runId);
  }

  private recent(runId: string, now: number): number[] {
    return (this.sent.get(runId) ?? []).filter((at) => at > now - WINDOW_MS);
  }
}
