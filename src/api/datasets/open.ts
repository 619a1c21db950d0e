import type { Config } from '../../config';
import { openDataset } from '../../domain/dataset';
import type { BuiltDataset, DatasetManifest, NumberReader } from '../../domain/dataset';
import type { Store } from '../../store';

type Reading = { store: Pick<Store, 'objects'>; config: Pick<Config, 'BUCKET_RESULTS'> };

/** The two objects of a stored dataset. */
export interface DatasetObjects {
  manifest: DatasetManifest;
  /** columns.bin */
  columns: Buffer;
}

/** @param manifestPath object name of manifest.json; columns.bin lies beside it */
export async function loadDatasetObjects({ store, config }: Reading, manifestPath: string): Promise<DatasetObjects> {
  const [manifest, columns] = await Promise.all([
    loadManifest({ store, config }, manifestPath),
    store.objects.getBuffer(config.BUCKET_RESULTS, columnsObject(manifestPath)),
  ]);
  return { manifest, columns };
}

export async function loadManifest({ store, config }: Reading, manifestPath: string): Promise<DatasetManifest> {
  const text = await store.objects.getBuffer(config.BUCKET_RESULTS, manifestPath);
  return JSON.parse(text.toString('utf8')) as DatasetManifest;
}

/** Reads parts of columns.bin, for datasets that need not fit into memory. @throws RangeError when the object is shorter than its manifest says */
export const columnsReader =
  ({ store, config }: Reading, manifestPath: string): NumberReader =>
  async (first, count) => {
    const range = { start: first * BYTES, end: (first + count) * BYTES - 1 };
    const bytes = await store.objects.getBuffer(config.BUCKET_RESULTS, columnsObject(manifestPath), range);
    if (bytes.length !== count * BYTES) throw new RangeError(`columns.bin gave ${bytes.length} bytes instead of ${count * BYTES}`);
    const aligned = bytes.byteOffset % BYTES === 0 ? bytes : new Uint8Array(bytes);
    return new Float64Array(aligned.buffer, aligned.byteOffset, count);
  };

const BYTES = Float64Array.BYTES_PER_ELEMENT;

const columnsObject = (manifestPath: string): string => `${manifestPath.slice(0, manifestPath.lastIndexOf('/'))}/columns.bin`;

/** A stored dataset with all its windows; held in its compact form (pipeline.md 9.5). */
export async function openStoredDataset(reading: Reading, manifestPath: string): Promise<BuiltDataset> {
  const { manifest, columns } = await loadDatasetObjects(reading, manifestPath);
  return openDataset(manifest, columns);
}
