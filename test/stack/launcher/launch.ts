/** Stacks of their own, started as a user starts them. Only PostgreSQL, Supabase and Temporal: the launcher treats all parts alike. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Endpoints } from '../../support';
import { waitFor } from '../../support';

const CLI = path.resolve(__dirname, '../../../dist/cli.js');
const START_MS = 90_000;
const GIVEN_BY_THE_SUITE = /^(LASTGANG_|SUPABASE_|DATABASE_URL|TEMPORAL_|PORT$|.*_PORT$)/;

export const temporaryFolder = () => mkdtempSync(path.join(os.tmpdir(), 'lastgang-launcher-'));

export interface Launched {
  child: ChildProcess;
  stateDir: string;
  output: () => string;
  endpoints: () => Endpoints;
  pids: () => Record<string, number>;
  /** exit code; null after a signal */
  exited: Promise<number | null>;
}

/** Starts the launcher without waiting for it. */
export function launch(
  stateDir: string,
  { env = {}, only = 'supabase,temporal' }: { env?: NodeJS.ProcessEnv; only?: string } = {},
): Launched {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !GIVEN_BY_THE_SUITE.test(name)));
  const child = spawn(process.execPath, [CLI, 'up', '--only', only, '--state', stateDir], {
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (text += piece.toString()));
  const read = <T>(name: string): T => JSON.parse(readFileSync(path.join(stateDir, name), 'utf8')) as T;
  return {
    child,
    stateDir,
    output: () => text,
    endpoints: () => read<Endpoints>('endpoints.json'),
    pids: () =>
      Object.fromEntries(Object.entries(read<Record<string, { pid: number }>>('processes.json')).map(([name, { pid }]) => [name, pid])),
    exited: new Promise((resolve) => child.once('exit', resolve)),
  };
}

/** Starts a stack and waits until it says that it is ready. */
export async function launchAndWait(stateDir: string, options: Parameters<typeof launch>[1] = {}): Promise<Launched> {
  const stack = launch(stateDir, options);
  await waitFor(() => {
    if (stack.child.exitCode !== null) return 'ended';
    return stack.output().includes('Lastgang is ready') && 'ready';
  }, START_MS);
  if (stack.child.exitCode !== null) throw new Error(`the launcher ended with ${stack.child.exitCode}:\n${stack.output()}`);
  return stack;
}

export async function stop({ child, exited }: Launched): Promise<number | null> {
  child.kill('SIGTERM');
  return exited;
}

/** Living processes that mention the state folder or belong to the given ids. */
export function livingOf(stateDir: string, pids: number[] = []): number[] {
  const read = (pid: string, name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => !['Z', 'X', ''].includes(read(pid, 'stat').split(') ').at(-1)?.[0] ?? ''))
    .filter((pid) => read(pid, 'cmdline').includes(stateDir) || pids.includes(Number(pid)))
    .map(Number);
}

export const killAll = (pids: number[]): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // gone already
    }
  }
};

/** Ends whatever a failed test has left, and its folder. */
export async function removeStack(stateDir: string): Promise<void> {
  const rows = existsSync(path.join(stateDir, 'processes.json'))
    ? Object.values(JSON.parse(readFileSync(path.join(stateDir, 'processes.json'), 'utf8')) as Record<string, { pid: number }>)
    : [];
  killAll(
    livingOf(
      stateDir,
      rows.map(({ pid }) => pid),
    ),
  );
  await waitFor(() => livingOf(stateDir).length === 0);
  rmSync(stateDir, { recursive: true, force: true });
}
