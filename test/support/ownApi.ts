/** An API process of a test's own, beside the stack's: the same program, with another configuration. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { endpoints } from './endpoints';
import { jwtSecret } from './secret';

const START_MS = 20_000;

export interface OwnApi {
  url: string;
  stop(): Promise<void>;
}

/** The stack's configuration of an API process, with default limits and a free port. */
function stackEnvironment(): Record<string, string> {
  const { supabase, databaseUrl, temporal } = endpoints();
  return {
    PORT: '0',
    LOG_LEVEL: 'info', // the port is told there
    SUPABASE_URL: supabase.url,
    SUPABASE_ANON_KEY: supabase.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
    SUPABASE_JWT_SECRET: Buffer.from(jwtSecret()).toString(),
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  };
}

/** @param changes variables that differ from the stack's; an empty one is not set. @throws Error with what the process said when it does not start */
export async function startApi(changes: Record<string, string> = {}): Promise<OwnApi> {
  const program = path.resolve(__dirname, '../../dist/api/server.js');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [program], {
    env: { PATH, HOME, ...stackEnvironment(), ...changes },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout });
  const said: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}: ${said.slice(-3).join('\n')}`));
    const timer = setTimeout(() => fail('the API did not start in time'), START_MS);
    child.once('exit', () => fail('the API ended'));
    lines.on('line', (line) => {
      said.push(line);
      const { msg, port: taken } = JSON.parse(line) as { msg?: string; port?: number };
      if (msg !== 'API is listening' || taken === undefined) return;
      clearTimeout(timer);
      resolve(taken);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
