/** Which processes a launcher has started: written down, so that what a killed launcher left behind is found and stopped. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface Row {
  pid: number;
  /** with the pid it names one process for ever */
  start: string;
  stopSignal: NodeJS.Signals;
}

const POLL_MS = 50;

/** Start time of a living process, or null: clock ticks since boot on Linux, else the text of `ps`. */
export function startTime(pid: number): string | null {
  if (process.platform !== 'linux') {
    try {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 5_000 }).trim() || null;
    } catch {
      return null; // ps says so by its exit code
    }
  }
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** Sends a signal; a process that is gone already is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export class ProcessTable {
  private rows: Record<string, Row> = {};

  constructor(private readonly file: string) {}

  add(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    const start = startTime(pid);
    if (start === null) return; // ended at once: nothing to remember
    this.rows[name] = { pid, start, stopSignal };
    this.write();
  }

  remove(name: string): void {
    delete this.rows[name];
    this.write();
  }

  /** At the end of a clean stop. */
  clear(): void {
    this.rows = {};
    rmSync(this.file, { force: true });
  }

  /** The living process an earlier launcher wrote down under this name. */
  earlier(name: string): number | null {
    const row = this.read()[name];
    return row && startTime(row.pid) === row.start ? row.pid : null;
  }

  /**
   * Ends what an earlier launcher left behind: its stop signal first, SIGKILL after `graceMs`.
   * Every part leads its own process group, so children of a part (a training run) go with it.
   * @returns names of the processes that were found alive
   */
  async stopOrphans(graceMs = 8_000): Promise<string[]> {
    const left = Object.entries(this.read()).filter(([, row]) => startTime(row.pid) === row.start);
    const alive = () => left.filter(([, row]) => startTime(row.pid) === row.start);
    for (const [, row] of left) signal(row.pid, row.stopSignal);
    const until = Date.now() + graceMs;
    while (alive().length > 0 && Date.now() < until) await sleep(POLL_MS);
    for (const [, row] of alive()) signal(row.pid, 'SIGKILL');
    while (alive().length > 0) await sleep(POLL_MS);
    this.clear();
    return left.map(([name]) => name);
  }

  private read(): Record<string, Row> {
    if (!existsSync(this.file)) return {};
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Record<string, Row>;
    } catch {
      return {}; // cannot be half written (rename), only damaged from outside
    }
  }

  private write(): void {
    writeFileSync(`${this.file}.new`, JSON.stringify(this.rows), { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
  }
}
