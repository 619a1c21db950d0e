/** Free ports, remembered in the state folder so that a restart keeps its addresses. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { StackError } from './types';

export type PortName = 'PORT' | 'SUPABASE_PORT' | 'POSTGRES_PORT' | 'TEMPORAL_PORT' | 'TEMPORAL_UI_PORT';
export type Ports = Record<PortName, number>;
export const PORT_NAMES: readonly PortName[] = ['PORT', 'SUPABASE_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT'];

// below the range from which systems take the ports of outgoing connections (from 32768 on), so none of those gets in the way
const LOWEST = 20_000;
const HIGHEST = 32_000;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

async function freshPort(taken: ReadonlySet<number>): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST)); // at random: two checkouts starting together must not both take the first free one
    if (!taken.has(port) && (await isFree(port))) return port;
  }
}

function given(name: PortName, env: NodeJS.ProcessEnv): number | undefined {
  const text = env[name];
  if (!text) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new StackError(`${name} must be a port number from 1 to 65535.`);
  return port;
}

const remembered = (file: string): Partial<Ports> => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Ports>) : {});

/**
 * Given ports as they are, else the ones of the last start if they are still free, else new ones.
 * @param checked  the ports that will be opened; the others are only remembered
 * @throws StackError when a given port is used by someone else
 */
export async function choosePorts(file: string, env: NodeJS.ProcessEnv, checked: ReadonlySet<PortName>): Promise<Ports> {
  const last = remembered(file);
  const taken = new Set(PORT_NAMES.map((name) => given(name, env)).filter((port) => port !== undefined));
  const ports: Partial<Ports> = {};
  for (const name of PORT_NAMES) {
    const wanted = given(name, env);
    if (wanted !== undefined && checked.has(name) && !(await isFree(wanted))) {
      throw new StackError(`Port ${wanted} (${name}) is in use: stop the program that uses it, or set ${name} to another port.`);
    }
    const old = last[name];
    ports[name] = wanted ?? (old !== undefined && !taken.has(old) && (await isFree(old)) ? old : await freshPort(taken));
    taken.add(ports[name]);
  }
  writeFileSync(file, JSON.stringify(ports));
  return ports as Ports;
}
