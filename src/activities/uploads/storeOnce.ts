import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ObjectStore } from '../../store';
import { StoreError, StoreUnavailable } from '../../store';

interface Target {
  bucket: string;
  /** names the content by its hash: what is there already are these very bytes */
  path: string;
  contentType: string;
  size: number;
}

/**
 * Sends bodies to an object that is written once and never changed (data-model.md 7). A body is always read to its end, also where an
 * earlier attempt has stored it. @throws StoreUnavailable while another attempt is storing it: a later one finds it there
 */
export const storeOnce =
  (objects: Pick<ObjectStore, 'exists' | 'put'>, { bucket, path, contentType, size }: Target) =>
  async (body: Readable): Promise<void> => {
    if (await objects.exists(bucket, path)) {
      await finished(body.resume());
      return;
    }
    try {
      await objects.put(bucket, path, body, contentType, { size });
    } catch (error) {
      if (error instanceof StoreError && error.status === 409) throw new StoreUnavailable('storage', 'another attempt stores the object');
      throw error;
    }
  };
