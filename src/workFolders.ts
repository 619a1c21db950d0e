import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import type { Logger } from './log';

const LEFTOVER_AGE_MS = 24 * 3600_000; // data-model.md 8: of workers on other hosts that share the folder

export interface WorkFolders {
  /** a folder for one step, removed afterwards whatever happens */
  within<T>(purpose: string, work: (folder: string) => Promise<T>): Promise<T>;
  /** removes what dead workers left; returns how many folders */
  sweep(): Promise<number>;
}

/** The folder of all temporary files, and how the names of this process's begin there: the sweep removes what dead ones left. */
export const workRoot = (given: string | undefined): string => given ?? path.join(tmpdir(), 'lastgang-work');
const host = hostname().replaceAll('.', '-');
export const ownPrefix = `${host}.${process.pid}.`;

/** Folders `{host}.{pid}.{purpose}-{random}` below one root, so that their owner can be told dead or alive. */
export function createWorkFolders(root: string | undefined, log: Logger): WorkFolders {
  const base = workRoot(root);

  return {
    async within(purpose, work) {
      await mkdir(base, { recursive: true, mode: 0o700 });
      const folder = await mkdtemp(path.join(base, `${ownPrefix}${purpose}-`));
      try {
        return await work(folder);
      } finally {
        await rm(folder, { recursive: true, force: true }).catch((error: unknown) => log.warn({ error }, 'a work folder stays'));
      }
    },

    async sweep() {
      const names = await readdir(base).catch(() => []);
      let removed = 0;
      for (const name of names) {
        const [owner, pid] = name.split('.');
        if (owner === undefined || !/^\d+$/.test(pid ?? '')) continue;
        const dead = owner === host ? !alive(Number(pid)) : await olderThan(path.join(base, name), LEFTOVER_AGE_MS);
        if (!dead) continue;
        await rm(path.join(base, name), { recursive: true, force: true });
        removed += 1;
      }
      return removed;
    },
  };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function olderThan(folder: string, age: number): Promise<boolean> {
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > age;
}
