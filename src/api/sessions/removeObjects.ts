import type { Logger } from '../../log';
import type { Store } from '../../store';

/**
 * Removes the objects of deleted rows at once. Their names are queued in the database as well, so what fails here is retried by the clean-up.
 * @returns warnings for the answer; none when everything is gone
 */
export async function removeObjects(store: Store, log: Logger, objects: readonly { bucket: string; path: string }[]): Promise<string[]> {
  try {
    for (const bucket of new Set(objects.map((object) => object.bucket))) {
      const paths = objects.filter((object) => object.bucket === bucket).map(({ path }) => path);
      await store.objects.remove(bucket, paths);
    }
    return [];
  } catch (error) {
    log.warn({ err: error, objects: objects.length }, 'objects of a deleted session remain for the clean-up');
    return ['Some stored files could not be removed yet. They are removed automatically later.'];
  }
}
