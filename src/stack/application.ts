/** The three processes of Lastgang itself. */
import { PIPELINE_QUEUE, TRAINING_QUEUE } from '../workflows/queues';
import { STREAMING_FLAGS } from './nodeFlags';
import { inRepository } from './repository';
import type { ProcessSpec } from './supervised';
import { isPolled } from './temporal';
import type { TemporalAddress } from './temporal';

const READY_TIMEOUT_MS = 3_000;
const READY_WITHIN_MS = 90_000; // native TensorFlow and a cold file cache on a slow machine
/** longer than the workers' own grace for activities that end by themselves */
const WORKER_GRACE_MS = 20_000;

const entry = (file: string, env: NodeJS.ProcessEnv) => () =>
  Promise.resolve({ file: process.execPath, args: [...STREAMING_FLAGS, inRepository('dist', file)], env });

export function workerSpec(name: 'pipeline' | 'training', temporal: TemporalAddress, env: NodeJS.ProcessEnv): ProcessSpec {
  const queue = name === 'pipeline' ? PIPELINE_QUEUE : TRAINING_QUEUE;
  return {
    name,
    command: entry(`workers/${name}.js`, env),
    isReady: (startedAt) => isPolled(temporal, queue, startedAt),
    readyWithinMs: READY_WITHIN_MS,
    stopSignal: 'SIGTERM',
    graceMs: WORKER_GRACE_MS,
  };
}

export function apiSpec(url: string, env: NodeJS.ProcessEnv): ProcessSpec {
  return {
    name: 'api',
    command: entry('api/server.js', env),
    isReady: async () => (await fetch(`${url}/ready`, { signal: AbortSignal.timeout(READY_TIMEOUT_MS) })).ok,
    readyWithinMs: READY_WITHIN_MS,
    stopSignal: 'SIGTERM',
    graceMs: 15_000,
  };
}
