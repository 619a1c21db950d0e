/** Process entry of the API: HTTP, Socket.IO, and nothing that could not run several times beside each other. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { loadConfig } from '../config';
import { watchEventLoop } from '../eventLoop';
import { createLogger } from '../log';
import { createEmitter } from '../realtime';
import { createStore } from '../store';
import { createWorkflows } from '../temporal';
import { createApp } from './app';
import { createVerifier, verifierSettings } from './auth';
import { serveOtherUpgrades } from './http/otherUpgrades';
import { answerParserErrors } from './http/rawRefusal';
import { resumeQueuedJobs } from './jobs';
import { createPostgresBuckets, SharedBuckets } from './limits';
import { attachRealtime } from './realtime';
import type { Services } from './types';

// One line may have 16 KiB (findRoute.ts); this bounds all of them together, token and cookies included.
const MAX_HEADER_BYTES = 64 * 1024;
// above the usual 60 s of load balancers, so that it is never this side that closes a connection just taken
const KEEP_ALIVE_MS = 65_000;
// Socket.IO's own default (realtime.md 1)
const SOCKET_PATH = '/socket.io/';
const SHUTDOWN_MS = 10_000;

async function main(): Promise<void> {
  const config = loadConfig();
  const log = createLogger('api', config.LOG_LEVEL);
  const store = createStore(config);
  const workflows = createWorkflows(config, store, log);
  const emitter = createEmitter(config.DATABASE_URL, log);
  const services: Services = { config, log, store, workflows, emit: emitter.emit, verifyToken: createVerifier(verifierSettings(config)) };

  const buckets = createPostgresBuckets(config.DATABASE_URL, log);
  const handle = createApp(services, new SharedBuckets(buckets, log)).callback();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => log.error({ err: error }, 'request broke off'));
  };
  // Node itself would refuse a missing Host and an unknown Expect with empty answers; findRoute.ts does so for the one, the other is ignored
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, requireHostHeader: false }, serve);
  server.on('checkExpectation', serve);
  answerParserErrors(server);
  const realtime = attachRealtime(server, services);
  serveOtherUpgrades(server, SOCKET_PATH);

  await listen(server, config.PORT, config.HOST);
  const eventLoop = watchEventLoop(log);
  log.info({ host: config.HOST, port: portOf(server) }, 'API is listening');
  resumeQueuedJobs(services).catch((error: unknown) => log.error({ err: error }, 'queued jobs were not started'));

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ event_loop: eventLoop.summary() }, 'API is stopping');
    setTimeout(() => process.exit(0), SHUTDOWN_MS).unref(); // whatever still runs then: workflows go on without this process
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    await realtime.close();
    await closed;
    await Promise.allSettled([emitter.close(), buckets.close(), workflows.client.connection.close()]);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop().catch((error: unknown) => {
        log.error({ err: error }, 'shutdown failed');
        process.exit(1);
      });
    });
  }
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

function portOf(server: Server): number | null {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : null;
}

main().catch((error: unknown) => {
  createLogger('api').fatal(error instanceof Error ? error.message : 'The API could not start');
  process.exit(1);
});
