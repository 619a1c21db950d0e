/** One process of the stack: started, watched until ready, started again with back-off when it ends unasked, stopped. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { forEachLine } from './lines';
import { signal } from './processTable';
import type { ProcessTable } from './processTable';
import { StackError } from './types';
import type { Part } from './types';
import type { Warden } from './warden';

export interface Command {
  file: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
}

export interface ProcessSpec {
  name: Part;
  /** made anew for each start, so that it may clear what the last run left behind */
  command: () => Promise<Command>;
  /** one try whether the process serves; rejects or answers false as long as it does not */
  isReady: (startedAt: Date) => Promise<boolean>;
  readyWithinMs: number;
  stopSignal: NodeJS.Signals;
  /** SIGKILL after this time */
  graceMs: number;
}

export interface Watch {
  table: ProcessTable;
  warden: Warden;
  log: (part: Part | 'stack', line: string) => void;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 15_000;
const STABLE_AFTER_MS = 30_000; // a process that ran this long starts with the first delay again
const READY_POLL_MS = 100;
const LAST_LINES = 12;

export class Supervised {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private wanted = false;
  private ready = false;
  private delayMs = FIRST_DELAY_MS;
  private restartTimer: NodeJS.Timeout | undefined;
  private lastLines: string[] = [];

  constructor(
    readonly spec: ProcessSpec,
    private readonly watch: Watch,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Starts the process and waits until it is ready.
   * @throws StackError with the process's last lines when it ends before, or is not ready in time
   */
  async start(abort?: AbortSignal): Promise<void> {
    this.wanted = true;
    try {
      await this.startOnce(abort);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops the process and everything it started. Repeatable. */
  async stop(): Promise<void> {
    this.wanted = false;
    clearTimeout(this.restartTimer);
    await this.end();
  }

  /** @throws StackError; the process may still be alive then */
  private async startOnce(abort?: AbortSignal): Promise<void> {
    const { name, readyWithinMs, isReady } = this.spec;
    abort?.throwIfAborted();
    const startedAt = new Date();
    this.lastLines = [];
    const command = await this.spec.command();
    if (!this.wanted) throw new StackError(`${name} was stopped while it started.`);
    const child = await this.spawn(command);
    const until = Date.now() + readyWithinMs;
    const failed = (what: string) => new StackError(`${name} ${what}. Its last lines:\n${this.lastLines.join('\n')}`);
    while (!(await isReady(startedAt).catch(() => false))) {
      abort?.throwIfAborted();
      if (this.child !== child) throw failed('ended before it was ready');
      if (Date.now() > until) throw failed(`was not ready within ${readyWithinMs / 1000} s`);
      await sleep(READY_POLL_MS);
    }
    if (this.child !== child) throw failed('ended as soon as it was ready');
    this.ready = true;
  }

  private async spawn({ file, args, ...options }: Command): Promise<ChildProcess> {
    const { name, stopSignal } = this.spec;
    // a group of its own: Ctrl-C in the terminal reaches only the launcher, which stops the parts in order
    const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const { pid } = child;
    if (pid === undefined) {
      const reason = await new Promise<Error>((resolve) => child.once('error', resolve));
      throw new StackError(`${name} could not be started (${reason.message}); run npm run doctor.`);
    }
    this.child = child;
    this.watch.table.add(name, pid, stopSignal);
    this.watch.warden.add(pid, stopSignal);
    for (const stream of [child.stdout, child.stderr]) forEachLine(stream, (line) => this.print(line));
    const since = Date.now();
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, by) => {
        signalGroup(pid);
        this.watch.warden.drop(pid);
        this.watch.table.remove(name);
        this.child = undefined;
        resolve();
        const ranMs = Date.now() - since;
        if (ranMs > STABLE_AFTER_MS) this.delayMs = FIRST_DELAY_MS;
        // one that was not ready yet is dealt with by whoever waits for it
        if (this.wanted && this.ready) this.startAgain(`${name} ended (${by ?? `code ${code}`})`);
        this.ready = false;
      });
    });
    return child;
  }

  private startAgain(reason: string): void {
    this.watch.log('stack', `${reason}; starting it again in ${this.delayMs / 1000} s`);
    this.restartTimer = setTimeout(() => {
      this.tryAgain().catch((error: unknown) => this.watch.log('stack', String(error)));
    }, this.delayMs);
    this.delayMs = Math.min(this.delayMs * 2, LONGEST_DELAY_MS);
  }

  private async tryAgain(): Promise<void> {
    try {
      await this.startOnce();
      this.watch.log('stack', `${this.spec.name} is ready again`);
    } catch (error) {
      await this.end();
      if (this.wanted) this.startAgain(error instanceof Error ? error.message : String(error));
    }
  }

  private async end(): Promise<void> {
    const { pid } = this;
    if (pid === undefined) return;
    signal(pid, this.spec.stopSignal);
    const killer = setTimeout(() => signal(pid, 'SIGKILL'), this.spec.graceMs);
    await this.ended;
    clearTimeout(killer);
  }

  private print(line: string): void {
    this.lastLines = [...this.lastLines.slice(1 - LAST_LINES), line];
    this.watch.log(this.spec.name, line);
  }
}

/** What a process leaves in its group (a training run of a killed worker) ends with it. */
function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody left
  }
}
