import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import type { LogLevel, LogMetadata, NativeConnectionOptions, WorkerOptions } from '@temporalio/worker';
import type { ActivityServices } from '../activities/services';
import { createComputePool } from '../activities/compute';
import { HEARTBEAT_MS } from '../activities/heartbeats';
import { createWorkFolders } from '../workFolders';
import type { Config } from '../config';
import { loadWorkerConfig } from '../config';
import { watchEventLoop } from '../eventLoop';
import type { Logger } from '../log';
import { createLogger } from '../log';
import { createEmitter, Pacer } from '../realtime';
import { createStore } from '../store';
import { connectionOptions, createWorkflows } from '../temporal';
import { FailureInterceptor } from './failureInterceptor';

// Temporal may start after the workers, or be away for a while.
const CONNECT_TRIES = 60;
const CONNECT_PAUSE_MS = 1_000;

type Kind = 'pipeline' | 'training';
type OwnOptions = Omit<WorkerOptions, 'connection' | 'namespace' | 'identity' | 'interceptors'>;

/**
 * One worker process, from its environment to a clean end by SIGTERM or SIGINT: services, connection, worker, shutdown.
 * @param options  what sets this worker apart, made of the shared services
 */
export async function runWorkerProcess(
  kind: Kind,
  options: (services: ActivityServices) => Promise<OwnOptions> | OwnOptions,
): Promise<void> {
  const config = loadWorkerConfig();
  const log = createLogger(kind, config.LOG_LEVEL);
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());
  // a worker whose launcher died must not linger
  process.on('disconnect', () => stopping.abort());
  installRuntime(config, log);

  const { services, close } = createServices(config, log, stopping.signal);
  try {
    const leftovers = await services.folders.sweep();
    if (leftovers > 0) log.info({ folders: leftovers }, 'removed work folders of dead workers');
    const connection = await connect(config, log, stopping.signal);
    try {
      const worker = await Worker.create({
        ...(await options(services)),
        connection,
        namespace: config.TEMPORAL_NAMESPACE,
        identity: `${kind}@${hostname()}#${process.pid}`,
        interceptors: { activity: [(context) => ({ inbound: new FailureInterceptor(context, log) })] },
        // a cancel must reach an activity within half a second
        maxHeartbeatThrottleInterval: HEARTBEAT_MS,
        defaultHeartbeatThrottleInterval: HEARTBEAT_MS,
      });
      await serve(worker, stopping.signal, log);
    } finally {
      await connection.close();
    }
  } finally {
    await close();
    log.info('worker stopped');
  }
}

/** Runs the entry of a process; a worker that cannot start says why in one line. */
export function runEntry(kind: Kind, run: () => Promise<void>): void {
  run().then(
    () => process.exit(0),
    (error: unknown) => {
      createLogger(kind).fatal({ err: error }, error instanceof Error ? error.message : 'the worker failed');
      process.exit(1);
    },
  );
}

async function serve(worker: Worker, stopping: AbortSignal, log: Logger): Promise<void> {
  const stop = (): void => {
    log.info('worker stops');
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const running = worker.run();
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted) stop();
  else {
    log.info({ taskQueue: worker.options.taskQueue }, 'worker ready');
    process.send?.({ ready: true });
  }
  const eventLoop = watchEventLoop(log);
  try {
    await running;
  } finally {
    eventLoop.stop();
    log.info({ event_loop: eventLoop.summary() }, 'worker has served');
  }
}

async function connect(config: Config, log: Logger, stopping: AbortSignal): Promise<NativeConnection> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await NativeConnection.connect(nativeOptions(config));
    } catch (error) {
      if (attempt === CONNECT_TRIES || stopping.aborted) throw error;
      if (attempt === 1) log.warn('Temporal does not answer yet');
      await sleep(CONNECT_PAUSE_MS, undefined, { signal: stopping });
    }
  }
}

/** The same address, TLS and API key as the client's connection. */
function nativeOptions(config: Config): NativeConnectionOptions {
  const { address, tls, apiKey } = connectionOptions(config);
  return {
    ...(address !== undefined && { address }),
    ...(tls !== undefined && tls !== null && { tls }),
    ...(typeof apiKey === 'string' && { apiKey }),
  };
}

function createServices(config: Config, log: Logger, stopping: AbortSignal): { services: ActivityServices; close: () => Promise<void> } {
  const store = createStore(config);
  const emitter = createEmitter(config.DATABASE_URL, log);
  const compute = createComputePool();
  const workflows = createWorkflows(config, store, log);
  const folders = createWorkFolders(config.WORK_DIR, log);
  return {
    services: { config, log, store, emit: emitter.emit, pacer: new Pacer(), compute, folders, workflows, stopping },
    close: async () => {
      await Promise.allSettled([compute.close(), emitter.close(), workflows.client.connection.close()]);
    },
  };
}

/** The SDK's own messages join ours; it does not listen to signals, since training must hear of a stop before the grace time runs. */
function installRuntime(config: Config, log: Logger): void {
  const level: LogLevel = config.LOG_LEVEL === 'trace' ? 'TRACE' : config.LOG_LEVEL === 'debug' ? 'DEBUG' : 'WARN';
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
  Runtime.install({
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: level, other: 'ERROR' }), forward: {} } },
    logger: new DefaultLogger(level, ({ level: own, message, meta }) => log[levels[own]](harmless(meta), message)),
  });
}

/** Which workflow and activity, and the kind of error: its details may speak of a user's data. */
function harmless(meta: LogMetadata = {}): Record<string, unknown> {
  const { activityType, attempt, workflowId, workflowType, taskQueue, durationMs } = meta as Record<string, unknown>;
  const error: unknown = meta['error'];
  return {
    ...{ activityType, attempt, workflowId, workflowType, taskQueue, durationMs },
    ...(error instanceof ApplicationFailure ? { error: error.type } : error instanceof Error && { error: error.name, stack: error.stack }),
  };
}
