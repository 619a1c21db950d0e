import { randomUUID } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { Server } from 'socket.io';
import { ApiError } from '../errors';
import { hasLongLine } from '../http/longLines';
import { corsOrigins } from '../middleware/cors';
import { createPostgresAdapter } from './adapter';
import { authenticateHandshake } from './authentication';
import { registerClientEvents } from './clientEvents';
import { gateBroadcasts } from './gate';
import { limitMessages, limitSockets, refuseSurplus } from './limits';
import { leaveDeletedSessions } from './rooms';
import type { RealtimeServer, RealtimeServices } from './types';

// realtime.md 1
const PING_INTERVAL_MS = 25_000;
const PING_TIMEOUT_MS = 60_000;
const MAX_MESSAGE_BYTES = 64 * 1024;

export interface Realtime {
  /** Tells the clients, ends their connections and the database connections; the HTTP server stays with its owner. */
  close(): Promise<void>;
}

/** Serves Socket.IO (realtime.md) on the API's HTTP server; events of any process reach its sockets through PostgreSQL. */
export function attachRealtime(httpServer: HttpServer, services: RealtimeServices): Realtime {
  const { config, verifyToken } = services;
  const log = services.log.child({ part: 'realtime' });
  const adapter = createPostgresAdapter(config.DATABASE_URL, log);
  const io: RealtimeServer = new Server(httpServer, {
    adapter: adapter.factory,
    cors: { origin: corsOrigins(config) },
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    serveClient: false,
  });
  refuseLongLines(io);
  const gate = gateBroadcasts(io.sockets.adapter);

  authenticateHandshake(io, verifyToken);
  limitSockets(io);
  io.on('connection', (socket) => {
    if (refuseSurplus(socket)) return;
    limitMessages(socket);
    leaveDeletedSessions(socket);
    registerClientEvents(socket, services, gate, log.child({ socket: socket.id }));
  });

  return {
    close: async () => {
      io.local.disconnectSockets(true);
      await io.sockets.adapter.close();
      io.engine.close();
      await adapter.close();
    },
  };
}

/** The first gate of the routes, for handshakes, polling and upgrades: they do not pass the application (http-api A.8). */
function refuseLongLines(io: RealtimeServer): void {
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (!hasLongLine(request)) return next();
    const refusal = new ApiError('HEADERS_TOO_LARGE');
    response.writeHead(refusal.status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Request-Id': randomUUID(),
      Connection: 'close',
    });
    response.end(JSON.stringify(refusal.envelope()));
  });
}
