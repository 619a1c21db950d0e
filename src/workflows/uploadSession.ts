import { allHandlersFinished, ApplicationFailure, condition, continueAsNew, setHandler } from '@temporalio/workflow';
import { refusalOf } from './failures';
import type { UploadRef, UploadSession } from './messages';
import { assembleFile, finalizeSession } from './messages';
import { uploads } from './proxies';

// Long enough for a user who uploads file after file, short enough not to keep thousands of idle workflows.
const IDLE_MS = 10 * 60_000;
// The server allows 2000 updates per run and keeps all their events.
const UPDATES_PER_RUN = 500;

/**
 * Assembles and finalizes the uploads of one session, one step at a time: this order is the session's only lock.
 * Started by its first update, it ends after ten idle minutes; the expiry of old uploads belongs to the sweep.
 */
export async function uploadSessionWorkflow(session: UploadSession): Promise<void> {
  let updates = 0;
  let lastUsed = Date.now();
  let tail: Promise<unknown> = Promise.resolve();

  const serially = <T>(step: () => Promise<T>): Promise<T> => {
    updates += 1;
    const result = tail.then(step).finally(() => (lastUsed = Date.now()));
    tail = result.catch(() => undefined);
    return result;
  };

  setHandler(assembleFile, (upload) => serially(() => assembled(upload)));
  setHandler(finalizeSession, (request) => serially(() => refusing(() => uploads.finalizeSession({ request }))));

  while (updates < UPDATES_PER_RUN) {
    await condition(allHandlersFinished);
    const idle = Date.now() - lastUsed;
    if (updates > 0 && idle >= IDLE_MS) return;
    await condition(() => updates >= UPDATES_PER_RUN, Math.max(1, IDLE_MS - idle));
    if (updates === 0) return; // started without an update, by an operator say
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof uploadSessionWorkflow>(session);
}

/** An assembly that neither succeeds nor is refused leaves its upload `failed`, so that a re-sent chunk tries again. */
async function assembled(upload: UploadRef): ReturnType<typeof uploads.assembleFile> {
  try {
    return await uploads.assembleFile({ upload });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) throw refusal;
    await uploads.abandonAssembly({ upload, code: 'INTERNAL_ERROR' });
    throw ApplicationFailure.nonRetryable('The file could not be assembled', 'INTERNAL_ERROR');
  }
}

async function refusing<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw refusalOf(error) ?? ApplicationFailure.nonRetryable('The session could not be finalized', 'INTERNAL_ERROR');
  }
}
