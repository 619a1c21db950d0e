import { Pool } from 'pg';
import type { Logger } from '../../log';
import type { BucketStore } from './sharedBuckets';

const POOL_SIZE = 2;
// a limiter that takes longer than this has lost its sense: the process goes on with limits of its own
const TIMEOUT_MS = 1_000;
const PRUNE_EVERY_MS = 10 * 60_000;

const TAKE = { name: 'take_tokens', text: 'select granted, tokens from public.take_tokens($1, $2, $3)' };
// keys name users and addresses: they are kept no longer than they count
const PRUNE = `delete from public.rate_limits where updated_at < now() - interval '10 minutes'`;

/** Buckets in PostgreSQL, one row each; over a connection of their own, not through the Supabase API. */
export function createPostgresBuckets(databaseUrl: string, log: Logger): BucketStore & { close(): Promise<void> } {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // without these a connection cut by the server would end the process
  pool.on('error', (error) => log.debug({ err: error }, 'connection of the rate limits'));
  pool.on('connect', (client) => client.on('error', (error) => log.debug({ err: error }, 'connection of the rate limits')));

  const prune = setInterval(() => {
    pool.query(PRUNE).catch((error: unknown) => log.debug({ err: error }, 'old rate limits were not removed'));
  }, PRUNE_EVERY_MS).unref();

  return {
    async take(key, perMinute, wanted) {
      const { rows } = await pool.query<{ granted: number; tokens: number }>({ ...TAKE, values: [key, perMinute, wanted] });
      const [taken] = rows;
      if (!taken) throw new Error('take_tokens answered no row');
      return taken;
    },
    close: () => {
      clearInterval(prune);
      return pool.end();
    },
  };
}
