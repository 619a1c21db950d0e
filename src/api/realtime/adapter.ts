import { createAdapter } from '@socket.io/postgres-adapter';
import { Pool } from 'pg';
import type { Logger } from '../../log';

export type AdapterFactory = ReturnType<typeof createAdapter>;

// One connection LISTENs for good; the rest publish and fetch large payloads.
const POOL_SIZE = 4;
const CONNECT_TIMEOUT_MS = 5_000;
// NOTIFY refuses payloads of 8000 bytes; the adapter's own limit lets exactly that many through.
const PAYLOAD_THRESHOLD = 7_000;

/** The adapter that carries events between all processes through PostgreSQL. `close` ends its pool, after the Socket.IO server is closed. */
export function createPostgresAdapter(databaseUrl: string, log: Logger): { factory: AdapterFactory; close: () => Promise<void> } {
  const pool = new Pool({ connectionString: databaseUrl, max: POOL_SIZE, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
  const report = (error: Error): void => log.warn({ err: error }, 'the realtime connection to PostgreSQL failed; it is opened again');
  // Without both listeners a cut connection ends the process: the adapter holds a client and does not listen for its errors.
  pool.on('connect', (client) => client.on('error', report));
  pool.on('error', report);
  const factory = createAdapter(pool, { errorHandler: report, payloadThreshold: PAYLOAD_THRESHOLD });
  return { factory, close: () => pool.end() };
}
