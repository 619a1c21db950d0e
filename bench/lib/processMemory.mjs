// Largest resident size of another process since the last reset, from Linux's own book-keeping.
import { readFileSync, writeFileSync } from 'node:fs';

/** Measures from now on. @returns {() => number | null} MB; null where the system does not tell */
export function peakRssOf(pid) {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5'); // resets VmHWM
  } catch {
    // another system, or a process that is not ours: the figure is then of the whole life, or missing
  }
  return () => {
    try {
      const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return kib === undefined ? null : Math.round(Number(kib) / 1024);
    } catch {
      return null;
    }
  };
}
