/** Which parts run here and which are given by address, and the environment the processes get from that. */
import { choosePorts } from './ports';
import type { PortName, Ports } from './ports';
import { clusterUrl } from './postgres';
import type { Secrets, StateFolder } from './stateFolder';
import { givenTemporal } from './temporal';
import type { TemporalAddress } from './temporal';
import { PARTS, StackError } from './types';
import type { Endpoints, Part } from './types';

export interface Plan {
  /** parts to start, in order */
  parts: Part[];
  ports: Ports;
  apiUrl: string;
  supabaseUrl: string;
  databaseUrl: string;
  temporal: TemporalAddress;
  /** environment of every process of Lastgang */
  env: NodeJS.ProcessEnv;
  endpoints: Endpoints;
}

const OPENED_BY: Record<Part, PortName[]> = {
  postgres: ['POSTGRES_PORT'],
  supabase: ['SUPABASE_PORT'],
  temporal: ['TEMPORAL_PORT', 'TEMPORAL_UI_PORT'],
  pipeline: [],
  training: [],
  api: ['PORT'],
};
const HOSTED = ['SUPABASE_ANON_KEY', 'SUPABASE_SERVICE_ROLE_KEY', 'DATABASE_URL'];

/** Parts to run here: the wanted ones, with PostgreSQL below Supabase, less those that are given. */
function chooseParts(wanted: readonly Part[], env: NodeJS.ProcessEnv): Part[] {
  const set = new Set(wanted);
  if (set.has('supabase')) set.add('postgres');
  if (env['SUPABASE_URL']) {
    const missing = HOSTED.filter((name) => !env[name]);
    if (missing.length > 0)
      throw new StackError(`SUPABASE_URL needs ${missing.join(', ')} beside it: set them, or leave SUPABASE_URL out.`);
    set.delete('supabase');
  }
  if (env['DATABASE_URL']) set.delete('postgres');
  if (env['TEMPORAL_ADDRESS']) set.delete('temporal');
  return PARTS.filter((part) => set.has(part));
}

/** @throws StackError for settings that do not go together or a port in use */
export async function makePlan(wanted: readonly Part[], given: NodeJS.ProcessEnv, state: StateFolder, secrets: Secrets): Promise<Plan> {
  const parts = chooseParts(wanted, given);
  const runs = (part: Part) => parts.includes(part);
  const ports = await choosePorts(state.portsFile, given, new Set(parts.flatMap((part) => OPENED_BY[part])));
  const local = (port: number) => `http://127.0.0.1:${port}`;
  const temporal = givenTemporal(given) ?? {
    address: `127.0.0.1:${ports.TEMPORAL_PORT}`,
    namespace: given['TEMPORAL_NAMESPACE'] || 'default',
  };
  const hosted = Boolean(given['SUPABASE_URL']);
  const databaseUrl = given['DATABASE_URL'] || clusterUrl(secrets.postgresPassword, ports.POSTGRES_PORT);
  const env: NodeJS.ProcessEnv = {
    ...given,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    PORT: String(ports.PORT),
    WORK_DIR: given['WORK_DIR'] || state.work,
    ...(hosted
      ? {}
      : {
          SUPABASE_URL: local(ports.SUPABASE_PORT),
          SUPABASE_ANON_KEY: secrets.publishableKey,
          SUPABASE_SERVICE_ROLE_KEY: secrets.secretKey,
          SUPABASE_JWT_SECRET: secrets.jwtSecret,
        }),
  };
  const apiUrl = local(ports.PORT);
  const supabaseUrl = env['SUPABASE_URL'] ?? '';
  const endpoints: Endpoints = {
    api: runs('api') ? apiUrl : null,
    supabase:
      hosted || runs('supabase')
        ? { url: supabaseUrl, publishableKey: env['SUPABASE_ANON_KEY'] ?? '', serviceRoleKey: env['SUPABASE_SERVICE_ROLE_KEY'] ?? '' }
        : null,
    temporal:
      given['TEMPORAL_ADDRESS'] || runs('temporal')
        ? {
            address: temporal.address,
            ui: runs('temporal') ? local(ports.TEMPORAL_UI_PORT) : given['TEMPORAL_UI_URL'] || null,
            namespace: temporal.namespace,
          }
        : null,
    databaseUrl: given['DATABASE_URL'] || runs('postgres') ? databaseUrl : null,
  };
  return { parts, ports, apiUrl, supabaseUrl, databaseUrl, temporal, env, endpoints };
}
