import type { Logger } from '../log';
import type { Store } from '../store';

const BATCH = 500;
// what one request or one assembly leaves is far less; the sweep takes the rest
const MAX_BATCHES = 10;

/** Empties the queue of objects whose rows are gone, without waiting for the sweep (data-model.md 3.6). */
export interface Deletions {
  /** Never throws: the rows are gone, so the answer is a success. @returns warnings for it; none when everything could be removed */
  now(): Promise<string[]>;
  /** in the background; calls while it runs are answered by one more round */
  soon(): void;
}

export function createDeletions(store: Store, log: Logger): Deletions {
  let running = false;
  let again = false;

  const background = async (): Promise<void> => {
    do {
      again = false;
      await removeQueued(store, log);
    } while (again);
  };

  return {
    async now() {
      const failed = await removeQueued(store, log).catch((error: unknown) => {
        log.warn({ err: error }, 'queued objects are left to the sweep');
        return 1;
      });
      return failed > 0 ? ['Some stored files could not be removed yet. They are removed automatically later.'] : [];
    },
    soon() {
      again = running;
      if (running) return;
      running = true;
      background()
        .catch((error: unknown) => log.info({ err: error }, 'queued objects are left to the sweep'))
        .finally(() => (running = false));
    },
  };
}

/** @returns number of objects that storage did not remove; they are tried again at growing distances */
async function removeQueued(store: Store, log: Logger): Promise<number> {
  let failed = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const queued = await store.service.takeDeletions(BATCH);
    for (const bucket of new Set(queued.map((item) => item.bucket))) {
      const items = queued.filter((item) => item.bucket === bucket);
      const ids = items.map(({ id }) => id);
      const paths = items.map(({ object_path: path }) => path);
      try {
        await store.objects.remove(bucket, paths);
        await store.service.deletionsDone(ids);
      } catch (error) {
        failed += items.length;
        log.warn({ err: error, bucket, objects: items.length }, 'queued objects could not be removed');
        await store.service.deletionsFailed(ids);
      }
    }
    if (queued.length < BATCH) break;
  }
  return failed;
}
