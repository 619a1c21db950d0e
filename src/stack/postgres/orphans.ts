/** PostgreSQL processes that survived their launcher: they hold the data folder and must be gone before a new start. */
import { existsSync, readdirSync, readFileSync, readlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signal, startTime } from '../processTable';
import { StackError } from '../types';

const FAST_SHUTDOWN_MS = 30_000;
const QUIT_MS = 10_000;
const POLL_MS = 50;

/** Living PostgreSQL processes whose working folder is the data folder (each of them sets it so). Linux only. */
function processesIn(data: string): number[] {
  if (!existsSync('/proc/self/cwd')) return [];
  const link = (pid: string, name: string) => {
    try {
      return readlinkSync(`/proc/${pid}/${name}`);
    } catch {
      return ''; // gone, or not ours
    }
  };
  return readdirSync('/proc')
    .filter(
      (pid) =>
        /^\d+$/.test(pid) && link(pid, 'cwd') === data && path.basename(link(pid, 'exe')) === 'postgres' && startTime(Number(pid)) !== null,
    )
    .map(Number);
}

async function gone(data: string, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (processesIn(data).length > 0 && Date.now() < until) await sleep(POLL_MS);
  return processesIn(data).length === 0;
}

/** @throws StackError when processes still use the folder after all */
export async function clearPostgresOrphans(data: string): Promise<void> {
  const lockFile = path.join(data, 'postmaster.pid');
  const leader = existsSync(lockFile) ? Number(readFileSync(lockFile, 'utf8').split('\n')[0]) : undefined;
  if (leader !== undefined && processesIn(data).includes(leader)) {
    signal(leader, 'SIGINT'); // fast shutdown: writes a checkpoint, then leaves
    await gone(data, FAST_SHUTDOWN_MS);
  }
  for (const pid of processesIn(data)) signal(pid, 'SIGQUIT'); // backends of a killed leader
  if (!(await gone(data, QUIT_MS))) {
    throw new StackError(`PostgreSQL processes ${processesIn(data).join(', ')} still use ${data}: stop them, then start again.`);
  }
  // a killed leader that nobody has reaped yet looks alive to PostgreSQL: take its lock away
  if (leader !== undefined && existsSync(lockFile) && startTime(leader) === null) unlinkSync(lockFile);
}
