import { bucketNames, type Buckets } from './buckets';
import { answer, call, type Database } from './clients';
import type { ServiceStore } from './interfaces';

interface QueuedObject {
  id: number | string;
  bucket: string;
  object_path: string;
  attempts: number;
}

/** The queue of objects waiting for removal (data-model.md 3.6). */
export const deletions = (
  database: Database,
  buckets: Buckets,
): Pick<ServiceStore, 'queueDeletions' | 'takeDeletions' | 'deletionsDone' | 'deletionsFailed'> => ({
  async queueDeletions(objects) {
    if (objects.length === 0) return;
    const rows = objects.map(({ bucket, path, userId }) => ({ bucket, object_path: path, user_id: userId }));
    await answer(database.from('storage_deletions').upsert(rows, { onConflict: 'bucket,object_path', ignoreDuplicates: true }));
  },

  async takeDeletions(limit) {
    const taken = await call<QueuedObject[]>(database, 'take_deletions', { p_limit: limit });
    return taken.map(({ id, bucket, object_path, attempts }) => ({
      id: Number(id),
      bucket: bucketNames(buckets)(bucket),
      object_path,
      attempts,
    }));
  },

  async deletionsDone(ids) {
    if (ids.length > 0) await call(database, 'deletions_done', { p_ids: ids });
  },

  async deletionsFailed(ids) {
    if (ids.length > 0) await call(database, 'deletions_failed', { p_ids: ids });
  },
});
