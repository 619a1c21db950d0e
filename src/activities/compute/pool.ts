import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { PipelineError } from '../../domain/findings';
import { startParse } from './parseStream';
import type { BlocksTask, SeriesParse } from './parseStream';
import type * as tasks from './worker';

// Idle threads hold their memory; the next job within the minute finds them warm.
const IDLE_MS = 60_000;
// A thread that parses what arrives is mostly waiting when storage is slow: it must not keep others from computing meanwhile.
const STREAMS = 4;

type Tasks = typeof tasks;
type TaskName = keyof Tasks;
type Input<K extends TaskName> = Parameters<Tasks[K]>[0];
type Output<K extends TaskName> = Extract<Awaited<ReturnType<Tasks[K]>>, { ok: true }>['value'];

/** Worker threads for everything that would hold up the event loop for more than 50 ms. Large data travel by files. */
export interface ComputePool {
  /** @throws PipelineError with the findings of the task; AbortError when the signal ends it (the thread is terminated) */
  run<K extends TaskName>(name: K, input: Input<K>, signal?: AbortSignal): Promise<Output<K>>;
  /** parses a CSV file whose bytes arrive little by little (pipeline.md 2, 3); resolves when a thread is ready for them */
  parseStream(file: Omit<BlocksTask, 'port'>, signal?: AbortSignal): Promise<SeriesParse>;
  close(): Promise<void>;
}

export function createComputePool(threads = Math.max(1, availableParallelism() - 1)): ComputePool {
  const poolOf = (maxThreads: number): Piscina => new Piscina({ filename: workerFile(), minThreads: 0, maxThreads, idleTimeout: IDLE_MS });
  const tasks = poolOf(threads);
  const streams = poolOf(STREAMS);
  const run = async <K extends TaskName>(
    pool: Piscina,
    name: K,
    input: Input<K>,
    signal?: AbortSignal,
    transferList: readonly MessagePort[] = [],
  ): Promise<Output<K>> => {
    const outcome = (await pool.run(input, { name, transferList, ...(signal && { signal }) })) as Awaited<ReturnType<Tasks[K]>>;
    if (!outcome.ok) throw new PipelineError(outcome.findings);
    return outcome.value;
  };
  return {
    run: (name, input, signal) => run(tasks, name, input, signal),
    parseStream: (file, signal) => startParse((task, port) => run(streams, 'parseBlocks', task, signal, [port]), file),
    close: async () => {
      await Promise.all([tasks.destroy(), streams.destroy()]);
    },
  };
}

/** The compiled worker: beside this file in a build, in `dist` when this file runs as TypeScript (tests). */
function workerFile(): string {
  const beside = path.join(__dirname, 'worker.js');
  return existsSync(beside) ? beside : path.resolve(__dirname, '../../../dist/activities/compute/worker.js');
}
