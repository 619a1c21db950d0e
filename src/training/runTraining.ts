import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createLogger } from '../log';
import type { Logger } from '../log';
import { CheckpointKeeper } from './checkpointKeeper';
import { childEnvironment, childScript, outOfMemoryKills } from './childProcess';
import { TrainingCancelled, TrainingError, TrainingMoves, isOutOfMemory } from './errors';
import type { ChildMessage, ParentMessage, TrainingOutput, TrainingSpec } from './types';

/** A cancelled job must end within 3 s of the request; this leaves time for the way there and back. */
const KILL_AFTER_MS = 1500;
/** A worker that stops has 12 s: this for the step under way and the checkpoint on disk, the rest for storing it. */
const KILL_MOVING_AFTER_MS = 6000;
/** Enough of the child's last words to find the cause. */
const STDERR_TAIL = 8_192;

export interface RunTrainingOptions {
  /** ends the training: stop message, then SIGKILL */
  signal: AbortSignal;
  /** ends the training so that another process can go on: checkpoint at once, then as above */
  move?: AbortSignal;
  /**
   * Every message of the child, in order. Promises are awaited before the training counts as done; the folder of a checkpoint stays until
   * the promise returned for it is settled. An error ends the training.
   */
  onMessage: (message: ChildMessage) => Promise<void> | void;
  /** added to the child's environment */
  env?: NodeJS.ProcessEnv;
  log?: Logger;
}

/**
 * Runs one training in a child process of its own: its memory, its threads and its crashes stay out of the worker.
 *
 * @throws TrainingError when it fails; the process has ended
 * @throws TrainingCancelled after `signal`; the process has ended
 * @throws TrainingMoves after `move`; the process has ended, its last checkpoint was handed to `onMessage`
 */
export async function runTraining(
  spec: TrainingSpec,
  { signal, move, onMessage, env, log = createLogger('training') }: RunTrainingOptions,
): Promise<TrainingOutput> {
  if (signal.aborted) throw new TrainingCancelled();
  if (move?.aborted) throw new TrainingMoves();
  const specFile = path.join(spec.outDir, 'spec.json');
  await fs.writeFile(specFile, JSON.stringify(spec));
  const killsBefore = outOfMemoryKills();
  const child = fork(childScript(), [specFile], {
    env: childEnvironment(spec.settings.model, env),
    execArgv: [],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const lastWords = tailOf(child);
  const stopAsking = [onAbort(child, signal, 'stop', KILL_AFTER_MS), onAbort(child, move, 'checkpoint-and-stop', KILL_MOVING_AFTER_MS)];
  const heard: Heard = { verdict: null, broken: null };
  const fail = (error: unknown): void => {
    heard.broken ??= error instanceof Error ? error : new Error(String(error));
    child.kill('SIGKILL');
  };
  const checkpoints = new CheckpointKeeper(onMessage, fail);
  let told: Promise<unknown> = Promise.resolve();
  child.on('message', (message: ChildMessage) => {
    if (message.type === 'checkpoint') return checkpoints.add(message);
    if (message.type === 'done' || message.type === 'failed') heard.verdict = message;
    told = Promise.all([told, tell(onMessage, message).catch(fail)]);
  });

  try {
    const end = await ended(child);
    const over = signal.aborted || heard.verdict !== null;
    const copied = over ? checkpoints.drop() : checkpoints.handOver();
    if (signal.aborted) throw new TrainingCancelled(); // without waiting for a copy of a checkpoint
    await Promise.all([told, copied]);
    if (heard.broken) throw heard.broken;
    if (heard.verdict?.type === 'done') return heard.verdict.output;
    if (move?.aborted && heard.verdict === null) throw new TrainingMoves();
    log.error({ runId: spec.runId, ...end, failure: heard.verdict?.code, stderr: lastWords() }, 'training process failed');
    throw failureOf(heard.verdict, end, lastWords(), killsBefore);
  } finally {
    for (const away of stopAsking) away();
    child.kill('SIGKILL'); // nothing once it has ended
  }
}

/** What came of a child: its last message, or an error of the caller while handling one. */
interface Heard {
  verdict: Extract<ChildMessage, { type: 'done' | 'failed' }> | null;
  broken: Error | null;
}

/** Synchronously, so that messages keep their order. */
async function tell(onMessage: RunTrainingOptions['onMessage'], message: ChildMessage): Promise<void> {
  await onMessage(message);
}

interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Waits for the process and its channel: messages sent before the exit still arrive. */
function ended(child: ChildProcess): Promise<End> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new TrainingError('CRASHED', 'The training process could not be started', { cause: error.message })),
    );
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function failureOf(verdict: Heard['verdict'], { code, signal }: End, stderr: string, killsBefore: number | null): TrainingError {
  // a library may hide the lack of memory behind a fault of its own
  const known = verdict?.type === 'failed' && !(verdict.code === 'INTERNAL_ERROR' && isOutOfMemory(stderr));
  if (known) return new TrainingError(verdict.code, verdict.message, verdict.context, verdict.retryable);
  const kernelKilled = signal === 'SIGKILL' && killsBefore !== null && (outOfMemoryKills() ?? 0) > killsBefore;
  if (kernelKilled || isOutOfMemory(stderr))
    return new TrainingError('OUT_OF_MEMORY', 'The training needs more memory than this machine has');
  const how = signal ?? `exit code ${code}`;
  return new TrainingError('CRASHED', `The training process ended without a result (${how})`, { signal, exit_code: code });
}

/** Asks the child to end, insists after a while. @returns takes the listener away */
function onAbort(child: ChildProcess, signal: AbortSignal | undefined, type: ParentMessage['type'], patienceMs: number): () => void {
  if (!signal) return () => undefined;
  let insist: NodeJS.Timeout | undefined;
  const stop = (): void => {
    const message: ParentMessage = { type };
    if (child.connected) child.send(message, () => undefined); // it may be ending just now
    insist = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return () => {
    clearTimeout(insist);
    signal.removeEventListener('abort', stop);
  };
}

function tailOf(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL);
  });
  return () => tail;
}
