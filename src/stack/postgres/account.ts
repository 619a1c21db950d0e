/**
 * PostgreSQL refuses to run as root. As root there are three ways, tried in this order:
 * 1. an unprivileged account of the system, if it can reach programs and data (not below a 0700 folder such as /root);
 * 2. a user namespace in which root appears as an ordinary user (not in most containers);
 * 3. the account of 1, with programs and data in a folder that everyone can pass.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, lchownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { StackError } from '../types';

export interface Place {
  /** words before the program's own */
  prefix: string[];
  /** account to run as and to own the data; absent: the one we are */
  account?: { uid: number; gid: number };
  /** folder with bin/, lib/, share/ */
  programs: string;
  data: string;
}

const REACHABLE = '/var/lib/lastgang'; // survives a restart of the machine, unlike /tmp
const PROBE_MS = 10_000;
const IN_NAMESPACE = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'];

function unprivilegedAccount(): { uid: number; gid: number } | undefined {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (option: string) => Number(execFileSync('id', [option, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // no such account
    }
  }
  return undefined;
}

const succeeds = (file: string, args: string[], account?: { uid: number; gid: number }): boolean =>
  spawnSync(file, args, { ...account, cwd: '/', stdio: 'ignore', timeout: PROBE_MS }).status === 0;

const postgresOf = (programs: string) => path.join(programs, 'bin', 'postgres');

function reachableCopy(programs: string, data: string, account: { uid: number; gid: number }): Place {
  const key = createHash('sha256').update(data).digest('hex').slice(0, 12);
  const home = path.join(REACHABLE, key);
  const copied = path.join(home, 'postgresql');
  mkdirSync(home, { recursive: true, mode: 0o755 });
  chmodSync(REACHABLE, 0o755);
  if (!existsSync(postgresOf(copied))) cpSync(programs, copied, { recursive: true, verbatimSymlinks: true });
  return { prefix: [], account, programs: copied, data: path.join(home, 'data') };
}

/** @param data  folder of the data, its parent must exist */
export function choosePlace(programs: string, data: string): Place {
  if (process.getuid?.() !== 0) return { prefix: [], programs, data };
  const account = unprivilegedAccount();
  const parent = path.dirname(data);
  if (account && succeeds(postgresOf(programs), ['--version'], account) && succeeds('/bin/sh', ['-c', 'cd "$1"', 'sh', parent], account)) {
    return { prefix: [], account, programs, data };
  }
  const [unshare = '', ...options] = IN_NAMESPACE;
  if (succeeds(unshare, [...options, postgresOf(programs), '--version']))
    return { prefix: IN_NAMESPACE, account: { uid: 0, gid: 0 }, programs, data };
  if (account) return reachableCopy(programs, data, account);
  throw new StackError(
    'PostgreSQL does not run as root and there is no other account here: start Lastgang as an ordinary user, or set DATABASE_URL.',
  );
}

/** Hands existing data over when it was last used in another way. */
export function giveTo(folder: string, account: { uid: number; gid: number }): void {
  if (statSync(folder).uid === account.uid) return;
  lchownSync(folder, account.uid, account.gid);
  for (const name of readdirSync(folder, { recursive: true })) lchownSync(path.join(folder, String(name)), account.uid, account.gid);
}
