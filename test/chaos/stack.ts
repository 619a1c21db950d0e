/** A stack of its own for tests that kill things: started as a user starts it, found through its state folder. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { waitFor } from '../support';
import type { Endpoints } from '../support/endpoints';
import { kill } from './processes';

const cli = path.resolve(__dirname, '../../dist/cli.js');
const START_MS = 120_000;

export interface OwnStack {
  stateDir: string;
  endpoints(): Endpoints;
  /** pids of the running parts, by name */
  pids(): Record<string, number>;
  /** starts the launcher and waits until endpoints.json is there and the API is ready */
  start(): Promise<void>;
  /** SIGKILL to the launcher and to every part, as a power cut would */
  killAll(): Promise<void>;
  /** clean end; nothing may be left */
  stop(): Promise<void>;
}

/** @param onLine  gets everything the parts print */
export function ownStack(env: NodeJS.ProcessEnv = {}, onLine?: (line: string) => void): OwnStack {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'lastgang-chaos-'));
  const read = <T>(name: string): T => JSON.parse(readFileSync(path.join(stateDir, name), 'utf8')) as T;
  let launcher: ChildProcess | undefined;
  const exited = (child: ChildProcess): Promise<void> =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => child.once('exit', () => resolve()));
  const pids = (): Record<string, number> =>
    Object.fromEntries(Object.entries(read<Record<string, { pid: number }>>('processes.json')).map(([name, { pid }]) => [name, pid]));
  return {
    stateDir,
    endpoints: () => read('endpoints.json'),
    pids,
    async start() {
      launcher = spawn(process.execPath, [cli, 'up', '--state', stateDir], {
        stdio: ['ignore', onLine ? 'pipe' : 'ignore', 'inherit'],
        env: { ...process.env, LASTGANG_STATE: '', ...env },
      });
      if (onLine && launcher.stdout) createInterface({ input: launcher.stdout }).on('line', onLine);
      await waitFor(async () => {
        if (launcher?.exitCode !== null && launcher?.exitCode !== undefined)
          throw new Error(`the launcher ended with ${launcher.exitCode}`);
        const { api } = read<{ api: string }>('endpoints.json');
        return (await fetch(`${api}/ready`, { signal: AbortSignal.timeout(2000) })).ok || null;
      }, START_MS);
    },
    async killAll() {
      const parts = Object.values(pids());
      launcher?.kill('SIGKILL');
      for (const pid of parts) kill(pid);
      if (launcher) await exited(launcher);
      rmSync(path.join(stateDir, 'endpoints.json'), { force: true }); // it names a stack that is no more
    },
    async stop() {
      launcher?.kill('SIGTERM');
      if (launcher) await exited(launcher);
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
