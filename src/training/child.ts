/**
 * Process entry of one training: `node child.js SPEC.json`, forked with an IPC channel.
 * Sends ChildMessage, understands ParentMessage. Exit code 0 after `done` or a stop, 1 after `failed`.
 */
import fs from 'node:fs';
import os from 'node:os';
import { createLogger } from '../log';
import { toTrainingError } from './errors';
import { Pacer, Stopped } from './pacer';
import { loadDataset } from './run/loadDataset';
import { trainRun } from './run/trainRun';
import type { ChildMessage, ParentMessage, TrainingSpec } from './types';

// Answers come before epochs: on a machine that API and workers share, training takes what they leave. Threads made from here on inherit it.
os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);

let order: ParentMessage['type'] | null = null;
process.on('message', ({ type }: ParentMessage) => {
  if (order !== 'stop') order = type; // a cancel wins over a move
});
// a service manager or a terminal may signal the whole group: the worker decides what becomes of its training
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
// the worker is gone: nobody would take the result
process.on('disconnect', () => process.exit(1));

async function main(specFile: string): Promise<number> {
  const log = createLogger('training-child');
  try {
    const spec = JSON.parse(fs.readFileSync(specFile, 'utf8')) as TrainingSpec;
    const send = (message: ChildMessage): void => void process.send?.(message);
    const outside = { send, pacer: new Pacer(() => order), log: (text: string) => log.info({ runId: spec.runId }, text) };
    await deliver({ type: 'done', output: await trainRun(spec, loadDataset(spec.datasetDir), outside) });
    return 0;
  } catch (error) {
    if (error instanceof Stopped) {
      await deliver({ type: 'stopped' }); // whatever was said before has left then, too
      return 0;
    }
    console.error(error); // the parent logs the end of it
    const { code, message, retryable, context } = toTrainingError(error);
    await deliver({ type: 'failed', code, message, retryable, context });
    return 1;
  }
}

/** A last message must have left before the process ends. */
const deliver = (message: ChildMessage): Promise<void> =>
  new Promise((resolve) => {
    if (!process.send) return resolve();
    process.send(message, undefined, undefined, () => resolve());
  });

main(process.argv[2] ?? '').then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
