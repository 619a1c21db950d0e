import { existsSync } from 'node:fs';
import path from 'node:path';
import { Piscina } from 'piscina';

// One thread: pictures are asked for rarely, and the cores belong to the workers.
const THREADS = 1;
const IDLE_MS = 30_000;
// A picture of the largest dataset takes seconds; a request never waits longer for the ones before it.
const TIMEOUT_MS = 60_000;

/** Draws in a worker thread of its own, which ends when nothing has been asked for a while. */
export type Draw<Task, Drawn> = (task: Task) => Promise<Drawn>;

/** @param entry compiled file of this folder whose default export draws */
export function createDrawingThread<Task, Drawn>(entry: string): Draw<Task, Drawn> {
  const pool = new Piscina({ filename: workerFile(entry), minThreads: 0, maxThreads: THREADS, idleTimeout: IDLE_MS });
  return async (task) => (await pool.run(task, { signal: AbortSignal.timeout(TIMEOUT_MS) })) as Drawn;
}

/** The compiled worker: beside this file in a build, in `dist` when this file runs as TypeScript (tests). */
function workerFile(entry: string): string {
  const beside = path.join(__dirname, entry);
  return existsSync(beside) ? beside : path.resolve(__dirname, '../../../dist/api/drawing', entry);
}
