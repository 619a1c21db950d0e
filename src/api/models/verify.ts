import { createHash } from 'node:crypto';
import type { SavedModelRow, Store } from '../../store';
import { StoreError } from '../../store';

export interface FailedModel {
  filename: string;
  error: string;
}

export interface VerifiedModels {
  stored: SavedModelRow[];
  failed: FailedModel[];
}

/**
 * Reads stored models and compares them with the hash of what the run wrote: they were saved when it ended, so saving them again is to make
 * sure of them. Nothing is held in memory. @throws StoreUnavailable when storage cannot be asked
 */
export async function verifyModels({ objects }: Pick<Store, 'objects'>, models: readonly SavedModelRow[]): Promise<VerifiedModels> {
  const verified: VerifiedModels = { stored: [], failed: [] };
  for (const model of models) {
    const actual = await storedHash(objects, model);
    if (actual === model.sha256) verified.stored.push(model);
    else verified.failed.push({ filename: model.filename, error: actual === null ? 'The file is missing' : 'The file is damaged' });
  }
  return verified;
}

/** null = there is no such object */
async function storedHash(objects: Store['objects'], { bucket, object_path: path }: SavedModelRow): Promise<string | null> {
  try {
    const hash = createHash('sha256');
    for await (const part of (await objects.get(bucket, path)) as AsyncIterable<Buffer>) hash.update(part);
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof StoreError && error.status === 404) return null;
    throw error;
  }
}
