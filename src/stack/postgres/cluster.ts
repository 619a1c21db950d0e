/** A private PostgreSQL cluster: made once, then run as one process of the stack. */
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { ProcessSpec } from '../supervised';
import { StackError } from '../types';
import { choosePlace, giveTo } from './account';
import type { Place } from './account';
import { postgresFolder } from './binaries';
import { clearPostgresOrphans } from './orphans';

const INITDB_MS = 60_000;
const SUPERUSER = 'postgres';
/** loopback only; connections: REST 20, admin 4, and a pool of each API process and worker beside tests */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '120',
  shared_buffers: '64MB',
  // the log goes to a terminal: no statements, and no rows' values in details
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};

/** initdb into a fresh folder that takes its place at once: killed half-way it leaves nothing that looks like a cluster. */
async function createCluster(place: Place, password: string): Promise<void> {
  const fresh = `${place.data}.new`;
  const passwordFile = `${place.data}.password`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.account) for (const file of [fresh, passwordFile]) chownSync(file, place.account.uid, place.account.gid);
  const [file = '', ...args] = [
    ...place.prefix,
    path.join(place.programs, 'bin', 'initdb'),
    '-D',
    fresh,
    '-U',
    SUPERUSER,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    // the built-in locale sorts and folds Unicode alike on every system
    '-E',
    'UTF8',
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
  try {
    await promisify(execFile)(file, args, { ...identity(place), cwd: fresh, timeout: INITDB_MS });
  } catch (error) {
    throw new StackError(
      `PostgreSQL could not make its data folder (${(error as { stderr?: string }).stderr?.trim() || String(error)}); run npm run doctor.`,
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, place.data);
}

/**
 * Data outside the state folder may belong to a state folder of the same name that was deleted: a mark inside tells.
 * Without it nobody could log in, since the password was in that folder.
 */
function forgetStrangeData(folder: string, { data }: Place): void {
  const mark = path.join(folder, 'data-is-elsewhere');
  if (path.dirname(data) === folder || existsSync(mark)) return;
  rmSync(data, { recursive: true, force: true });
  writeFileSync(mark, `${data}\n`);
}

/** In a user namespace root maps to an ordinary user by itself. */
const identity = ({ account, prefix }: Place) => (account && prefix.length === 0 ? account : {});

const answers = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
  client.on('error', () => undefined); // a connection cut while the server starts
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
};

export const clusterUrl = (password: string, port: number): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;

/** @param folder  holds the cluster's data; made if missing */
export function postgresSpec({
  folder,
  port,
  password,
  env,
}: {
  folder: string;
  port: number;
  password: string;
  env: NodeJS.ProcessEnv;
}): ProcessSpec {
  const url = clusterUrl(password, port);
  return {
    name: 'postgres',
    async command() {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      chmodSync(folder, 0o755);
      const place = choosePlace(postgresFolder(), path.join(folder, 'data'));
      forgetStrangeData(folder, place);
      if (existsSync(path.join(place.data, 'PG_VERSION'))) {
        await clearPostgresOrphans(place.data);
        if (place.account) giveTo(place.data, place.account);
      } else {
        if (place.account) chownSync(path.dirname(place.data), place.account.uid, place.account.gid);
        await createCluster(place, password);
      }
      const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const [file = '', ...args] = [...place.prefix, path.join(place.programs, 'bin', 'postgres'), '-D', place.data, ...settings];
      return { file, args, env, cwd: place.data, ...identity(place) };
    },
    isReady: () => answers(url),
    readyWithinMs: 60_000, // recovery after a crash under load
    stopSignal: 'SIGINT', // fast shutdown
    graceMs: 20_000,
  };
}
