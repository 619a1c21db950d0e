import { withHeartbeat } from '../heartbeats';
import type { ActivityServices } from '../services';
import type { CleanupActivities } from '../types';
import { BATCH, untilEmpty } from './sweep';

type Services = Pick<ActivityServices, 'config' | 'store' | 'log'>;

const ORPHAN_AGE_HOURS = 24;
// Fewer, older failures are the normal weather of a storage service.
const ATTEMPTS_BEFORE_WARNING = 20;

/** The steps of the sweep that remove objects (data-model.md 8). An object that is gone already counts as removed. */
export const createObjectSteps = ({ config, store, log }: Services): Pick<CleanupActivities, 'removeOrphans' | 'removeQueuedObjects'> => ({
  /** Objects below a session's path that no row names, among them checkpoints of closed runs and scaled CSV files, after a day. */
  removeOrphans: () =>
    withHeartbeat(async () => {
      const buckets = [config.BUCKET_INPUT, config.BUCKET_OUTPUT, config.BUCKET_RESULTS, config.BUCKET_MODELS, config.BUCKET_CHUNKS];
      let removed = 0;
      for (const bucket of new Set(buckets)) {
        removed += await untilEmpty(async () => {
          const names = await store.service.orphanObjects(bucket, ORPHAN_AGE_HOURS, BATCH);
          if (names.length > 0) await store.objects.remove(bucket, names);
          return names.length;
        });
      }
      return { removed };
    }),

  /** Objects whose rows are gone. What storage refuses now is tried again later, at growing distances. */
  removeQueuedObjects: () =>
    withHeartbeat(async () => {
      const counts = { removed: 0, failed: 0 };
      await untilEmpty(async () => {
        const queued = await store.service.takeDeletions(BATCH);
        for (const bucket of new Set(queued.map((item) => item.bucket))) {
          const items = queued.filter((item) => item.bucket === bucket);
          const ids = items.map(({ id }) => id);
          try {
            await store.objects.remove(
              bucket,
              items.map(({ object_path: path }) => path),
            );
            await store.service.deletionsDone(ids);
            counts.removed += ids.length;
          } catch (error) {
            await store.service.deletionsFailed(ids);
            counts.failed += ids.length;
            const stubborn = items.filter(({ attempts }) => attempts >= ATTEMPTS_BEFORE_WARNING).length;
            if (stubborn > 0) log.warn({ bucket, objects: stubborn, error }, 'objects resist their deletion');
          }
        }
        return queued.length;
      });
      return counts;
    }),
});
