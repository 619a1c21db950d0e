import { encode } from '@msgpack/msgpack';
import { Pool } from 'pg';
import type { Logger } from '../log';
import type { Emit } from './types';

const BROADCAST = 3; // MessageType of socket.io-adapter
const EVENT_PACKET = 2; // PacketType of socket.io-parser
const NAMESPACE = '/';
const CHANNEL = `socket.io#${NAMESPACE}`;
const NOTIFY_LIMIT_BYTES = 7999; // PostgreSQL refuses 8000 and more
// An event is a convenience; a job does not wait long for a database that does not answer.
const TIMEOUT_MS = 3_000;

export interface Emitter {
  emit: Emit;
  close(): Promise<void>;
}

/**
 * Sends Socket.IO events from a process without a Socket.IO server, through PostgreSQL, in the form that
 * @socket.io/postgres-adapter 0.5 reads (the published emitter leaves out `nsp`, and its messages are dropped without a word).
 * Needs a direct connection: a transaction pooler does not pass NOTIFY on.
 */
export function createEmitter(databaseUrl: string, log: Logger): Emitter {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 2,
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    allowExitOnIdle: true,
  });
  // without these a connection cut by the server would end the process
  pool.on('error', (error) => log.warn({ error: error.message }, 'database connection of the emitter was lost'));
  pool.on('connect', (client) => client.on('error', (error) => log.debug({ error: error.message }, 'emitter connection')));

  return {
    emit: async (rooms, event, payload) => {
      try {
        await notify(pool, typeof rooms === 'string' ? [rooms] : rooms, event, payload);
      } catch (error) {
        // the row and /status hold the same facts
        log.warn({ event, error: error instanceof Error ? error.message : 'unknown' }, 'an event was not sent');
      }
    },
    close: () => pool.end(),
  };
}

async function notify(pool: Pool, rooms: string[], event: string, payload: Record<string, unknown>): Promise<void> {
  const message = {
    uid: 'emitter',
    nsp: NAMESPACE,
    type: BROADCAST,
    data: { packet: { type: EVENT_PACKET, data: [event, payload], nsp: NAMESPACE }, opts: { rooms, except: [], flags: {} } },
  };
  const text = JSON.stringify(message);
  if (Buffer.byteLength(text) <= NOTIFY_LIMIT_BYTES) {
    await pool.query('select pg_notify($1, $2)', [CHANNEL, text]);
    return;
  }
  // one statement: the row is visible when the notification arrives
  await pool.query(
    `with attachment as (insert into socket_io_attachments (payload) values ($1) returning id)
     select pg_notify($2, json_build_object('uid', 'emitter', 'nsp', $3::text, 'type', ${BROADCAST}, 'attachmentId', id::text)::text) from attachment`,
    [Buffer.from(encode(message)), CHANNEL, NAMESPACE],
  );
}
