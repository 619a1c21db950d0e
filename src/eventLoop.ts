/** Tells when one step held up the event loop: while it runs, no request is answered and no heartbeat is sent. */
import { openSync, readSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';
import type { Logger } from './log';

const TICK_MS = 10;
/** A process's first requests load and compile code. */
const WARM_UP_MS = 2_000;
/** What takes longer belongs into a worker thread (pipeline.md 20). */
const LONGEST_STEP_MS = 50;
/** A stuck process must not fill the log with this. */
const WARNING_PAUSE_MS = 10_000;

export interface EventLoopSummary {
  longest_ms: number;
  /** 99.9 % of the ticks were held up for no longer */
  p999_ms: number;
  /** steps above 50 ms */
  long_steps: number;
  ticks: number;
}

export interface EventLoopWatch {
  /** everything since the first look */
  summary(): EventLoopSummary;
  stop(): void;
}

/**
 * Measures by how much a timer comes late, as far as the thread was computing meanwhile: time that the machine gave to other processes,
 * or its host to other machines, is nobody's step. Garbage collection counts. Warns of steps above 50 ms.
 *
 * @param warmUpMs  pause before the first look
 */
export function watchEventLoop(log: Logger, warmUpMs = WARM_UP_MS): EventLoopWatch {
  const computed = threadTime();
  const held = createHistogram();
  let longSteps = 0;
  let warned = -Infinity;
  let last: { at: number; computed: number } | null = null;

  const look = (): void => {
    const now = { at: performance.now(), computed: computed() };
    const before = last ?? now;
    const late = Math.max(0, Math.min(now.at - before.at - TICK_MS, now.computed - before.computed));
    last = now;
    held.record(Math.round(late * 1000) + 1); // µs; a histogram begins at 1
    if (late <= LONGEST_STEP_MS) return;
    longSteps += 1;
    if (now.at - warned < WARNING_PAUSE_MS) return;
    warned = now.at;
    log.warn({ held_ms: Math.round(late) }, 'a step held up the event loop');
  };
  let ticks: NodeJS.Timeout | undefined;
  const begin = setTimeout(() => (ticks = setInterval(look, TICK_MS).unref()), warmUpMs).unref();

  return {
    summary: () => ({
      longest_ms: held.count === 0 ? 0 : milliseconds(held.max),
      p999_ms: held.count === 0 ? 0 : milliseconds(held.percentile(99.9)),
      long_steps: longSteps,
      ticks: held.count,
    }),
    stop: () => {
      clearTimeout(begin);
      clearInterval(ticks);
    },
  };
}

const milliseconds = (microseconds: number): number => Math.round(microseconds) / 1000;

/**
 * Milliseconds that the main thread has spent on a core so far, as Linux counts them; the wall clock where the system does not tell.
 * The file stays open: reading it anew every tick costs microseconds, opening it would cost ten times as much.
 */
function threadTime(): () => number {
  const buffer = Buffer.alloc(128);
  let file: number;
  try {
    file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  } catch {
    return () => performance.now();
  }
  return () => parseInt(buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0)), 10) / 1e6;
}
