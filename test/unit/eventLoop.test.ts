import pino from 'pino';
import { watchEventLoop } from '../../src/eventLoop';

/** Computes without a pause: what must not happen on an event loop. */
function compute(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until) Math.sqrt(until);
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the watch over an event loop', () => {
  it('tells of a long step once, and of its length', async () => {
    const lines: { level: number; held_ms?: number; msg: string }[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line) as (typeof lines)[number]) });
    const watch = watchEventLoop(log, 0);
    await pause(100);
    const before = watch.summary();
    compute(400);
    await pause(50);
    compute(400);
    await pause(50);
    watch.stop();
    const after = watch.summary();
    expect(after.ticks).toBeGreaterThan(before.ticks);
    expect(after.long_steps - before.long_steps).toBe(2);
    // other processes may have had the core for a part of the 400 ms
    expect(after.longest_ms).toBeGreaterThan(50);
    expect(after.longest_ms).toBeLessThan(5_000);
    const warnings = lines.filter(({ msg }) => msg === 'a step held up the event loop');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]!.held_ms).toBeGreaterThan(50);
  });
});
