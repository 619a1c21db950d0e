/** The HTTP edge with nothing behind it: no database, no Temporal; requests are served over a real socket. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createApp } from '../../../src/api/app';
import { ApiError } from '../../../src/api/errors';
import type { RateLimiter } from '../../../src/api/limits';
import { loadConfig } from '../../../src/config';
import { createStore } from '../../../src/store';
import type { Store } from '../../../src/store';
import { createWorkflows } from '../../../src/temporal';

const NOWHERE = '127.0.0.1:9'; // the discard port: nothing listens there

export interface Edge {
  address: string;
  close(): Promise<void>;
}

interface Options {
  /** user ids by token */
  users?: ReadonlyMap<string, string>;
  limiter?: RateLimiter;
  env?: NodeJS.ProcessEnv;
  /** changes what the store answers */
  store?: (real: Store) => Store;
}

export async function startEdge({ users = new Map(), limiter, env = {}, store: change = (real) => real }: Options = {}): Promise<Edge> {
  const config = loadConfig({
    SUPABASE_URL: `http://${NOWHERE}`,
    SUPABASE_ANON_KEY: 'anon',
    SUPABASE_SERVICE_ROLE_KEY: 'service',
    DATABASE_URL: `postgres://${NOWHERE}/none`,
    TEMPORAL_ADDRESS: NOWHERE,
    ...env,
  });
  const log = pino({ level: 'silent' });
  const store = change(createStore(config));
  const verifyToken = (token: string) => {
    const userId = users.get(token);
    return userId === undefined ? Promise.reject(new ApiError('INVALID_TOKEN')) : Promise.resolve({ userId, expiresAt: Infinity });
  };
  const services = { config, log, store, workflows: createWorkflows(config, store, log), emit: () => Promise.resolve(), verifyToken };
  const handle = createApp(services, limiter).callback();
  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
