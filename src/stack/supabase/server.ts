/** The Supabase-compatible server: @supabase/lite on PostgreSQL, with what it leaves out added as middlewares. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { HttpBindings } from '@hono/node-server';
import { Client } from 'pg';
import postgres from 'postgres';
import type { Sql } from 'postgres';
import { BOOTSTRAP_SQL } from './bootstrap';
import { describeDatabaseError, POSTGRES_TYPES } from './database';
import { createFunctionCalls } from './functions/functionCalls';
import type { FunctionCalls } from './functions/functionCalls';
import { createKeyResolver } from './keys';
import * as middleware from './middleware';
import { migrate, runFile } from './migrations';
import { prepareStatements } from './preparedStatements';
import { FEW_STATEMENTS } from './sessionSettings';
import type { SupabaseSettings } from './settings';
import { FileStorage } from './storage/fileStorage';
import { createServiceObjects } from './storage/serviceObjects';
import type { ServiceObjects } from './storage/serviceObjects';

const REST_CONNECTIONS = 20;
const ADMIN_CONNECTIONS = 4;
const CONNECT_SECONDS = 10;
const TOKEN_SECONDS = 3600;
const LARGEST_OBJECT = '3GiB'; // assembled files go up to MAX_FILE_BYTES (2 GiB); buckets have their own limits
const LARGEST_HEADER = 128 * 1024; // `.in()` with hundreds of ids travels in the address

export interface SupabaseServer {
  migrations: string[];
  stop(): Promise<void>;
}

/** Everything lite needs, its schemas made and the migrations applied. */
async function createApp(settings: SupabaseSettings, sql: Sql, storage: FileStorage) {
  const { App, setExperimental } = await import('@supabase/lite');
  const { createPostgresConnection } = await import('@supabase/lite/postgres');
  setExperimental('storage', true); // its environment variable is read too early for us to set it
  const connection = createPostgresConnection({
    url: settings.DATABASE_URL,
    postgresOptions: {
      max: REST_CONNECTIONS,
      connect_timeout: CONNECT_SECONDS,
      backoff: (tries) => Math.min(0.05 * 2 ** tries, 1),
      onnotice: () => undefined,
      types: POSTGRES_TYPES,
    },
  });
  connection.normalizeDbError = describeDatabaseError;
  Object.assign(connection, FEW_STATEMENTS);
  let schemaVersion = 0;
  prepareStatements((connection as unknown as { driver: Sql }).driver, () => schemaVersion);
  // otherwise lite runs GRANT ALL ON ALL TABLES at every start and so undoes every REVOKE of the migrations
  (connection as unknown as { rlsState: string }).rlsState = 'active';

  const resolveKey = createKeyResolver(settings);
  const ownFetch = (request: Request): Response | Promise<Response> => app.fetch(request);
  const app = new App({
    connection,
    api: { schemas: ['public'] },
    auth: {
      enabled: true,
      enable_signup: true,
      jwt_secret: settings.SUPABASE_JWT_SECRET,
      jwt_expiry: TOKEN_SECONDS,
      publishable_key: settings.SUPABASE_ANON_KEY,
      secret_key: settings.SUPABASE_SERVICE_ROLE_KEY,
      email: { enable_confirmations: false },
    },
    storage: { enabled: true, file_size_limit: LARGEST_OBJECT },
    studio: { enabled: false },
    options: {
      server: {
        disableStudio: true,
        apiKeys: { resolver: resolveKey },
        middlewares: [
          middleware.readUnreadBodies,
          middleware.multipartUploads,
          middleware.downloads,
          middleware.objectInfo,
          middleware.adminUsers(sql, resolveKey),
          middleware.objectList(sql, resolveKey, settings.SUPABASE_JWT_SECRET),
          middleware.bucketSettings,
          middleware.signing(ownFetch),
        ],
      },
    },
  });
  app._storageAdapter = storage;
  await app.init();
  await app.ensureSystemSchema();
  await sql.unsafe(BOOTSTRAP_SQL).simple();
  const migrations = await migrate(sql, settings.MIGRATIONS_FOLDER);
  await runFile(sql, settings.EMBEDDED_SQL);
  await connection.clearSchemaCache(); // lite caches the schema for its whole life …
  await connection.introspect({ useCache: true }); // … and the first requests would wait a second for it
  const reloadSchema = async (): Promise<void> => {
    schemaVersion += 1;
    await connection.clearSchemaCache();
  };
  return { app, connection, migrations, reloadSchema, schemaVersion: () => schemaVersion };
}

/**
 * A connection of our own that listens for `NOTIFY pgrst, 'reload schema'`. Its end means that the database has gone or has crashed:
 * the driver of lite dies or hangs then (postgres.js 3.4.9), so the process is better left and started anew.
 */
async function watchDatabase(url: string, { onReload, onLost }: { onReload: () => void; onLost: () => void }): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_SECONDS * 1000, keepAlive: true });
  client.on('error', () => undefined); // 'end' follows
  client.on('end', onLost);
  client.on('notification', onReload);
  await client.connect();
  await client.query('listen pgrst');
  return client;
}

export async function startSupabase(settings: SupabaseSettings, onDatabaseLost: () => void): Promise<SupabaseServer> {
  const sql = postgres(settings.DATABASE_URL, { max: ADMIN_CONNECTIONS, connect_timeout: CONNECT_SECONDS, onnotice: () => undefined });
  const storage = new FileStorage(settings.STORAGE_FOLDER);
  const { app, connection, migrations, reloadSchema, schemaVersion } = await createApp(settings, sql, storage);
  let stopping = false;
  const watch = await watchDatabase(settings.DATABASE_URL, {
    onReload: () => {
      reloadSchema().catch(onDatabaseLost);
    },
    onLost: () => {
      if (!stopping) onDatabaseLost();
    },
  });
  const objects = createServiceObjects(storage, sql, settings.SUPABASE_SERVICE_ROLE_KEY);
  const functions = createFunctionCalls(settings, schemaVersion);
  const server = await listen(settings.SUPABASE_PORT, { objects, functions }, (request, { incoming }) =>
    app.fetch(request, { peerAddress: incoming.socket.remoteAddress ?? null }),
  );
  return {
    migrations,
    async stop() {
      stopping = true;
      server.close();
      server.closeAllConnections();
      await Promise.allSettled([connection.close(), sql.end({ timeout: 5 }), functions.close(), watch.end()]);
    },
  };
}

type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>;

interface OwnRoutes {
  objects: ServiceObjects;
  functions: FunctionCalls;
}

function listen(port: number, { objects, functions }: OwnRoutes, fetch: Fetch): Promise<Server> {
  // autoCleanupIncoming would close a connection that the client goes on to use after a refused upload
  const others = getRequestListener((request, env) => fetch(request, env as HttpBindings), { autoCleanupIncoming: false });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (objects.handle(request, response) || (await functions.handle(request, response))) return;
    await others(request, response);
  };
  const server = createServer({ maxHeaderSize: LARGEST_HEADER }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
