/** Layout of the state folder and its small files: secrets, ports, endpoints. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Endpoints } from './types';

export interface Secrets {
  publishableKey: string;
  secretKey: string;
  /** signs the users' tokens; whoever has it is superuser of the database */
  jwtSecret: string;
  postgresPassword: string;
}

export interface StateFolder {
  root: string;
  postgres: string;
  storage: string;
  temporal: string;
  work: string;
  processesFile: string;
  portsFile: string;
  endpointsFile: string;
  logFile: string;
}

/** Files with secrets: only their owner may read them, from the first byte on, and they appear whole. */
function writePrivate(file: string, content: unknown): void {
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, file);
}

export function openStateFolder(folder: string): StateFolder {
  const root = path.resolve(folder);
  const inside = (name: string) => path.join(root, name);
  // 0755 before anything else makes it: PostgreSQL's unprivileged user must be able to pass through
  mkdirSync(root, { recursive: true, mode: 0o755 });
  chmodSync(root, 0o755);
  const state: StateFolder = {
    root,
    postgres: inside('postgres'),
    storage: inside('storage'),
    temporal: inside('temporal'),
    work: inside('work'),
    processesFile: inside('processes.json'),
    portsFile: inside('ports.json'),
    endpointsFile: inside('endpoints.json'),
    logFile: inside('stack.log'),
  };
  for (const name of [state.storage, state.temporal, state.work]) mkdirSync(name, { recursive: true, mode: 0o700 });
  return state;
}

export function loadSecrets({ root }: StateFolder): Secrets {
  const file = path.join(root, 'secrets.json');
  if (!existsSync(file)) {
    const random = () => randomBytes(24).toString('base64url');
    const secrets: Secrets = {
      publishableKey: `sb_publishable_${random()}`,
      secretKey: `sb_secret_${random()}`,
      jwtSecret: random() + random(),
      postgresPassword: random(),
    };
    writePrivate(file, secrets);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
}

export const writeEndpoints = (state: StateFolder, endpoints: Endpoints): void => writePrivate(state.endpointsFile, endpoints);
/** The file's presence says "ready": it goes before the stack does. */
export const removeEndpoints = (state: StateFolder): void => rmSync(state.endpointsFile, { force: true });
