import type { Config } from '../../config';
import { openDataset } from '../../domain/dataset';
import type { BuiltDataset, DatasetManifest } from '../../domain/dataset';
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
  const columnsPath = `${manifestPath.slice(0, manifestPath.lastIndexOf('/'))}/columns.bin`;
  const [manifest, columns] = await Promise.all([
    store.objects.getBuffer(config.BUCKET_RESULTS, manifestPath),
    store.objects.getBuffer(config.BUCKET_RESULTS, columnsPath),
  ]);
  return { manifest: JSON.parse(manifest.toString('utf8')) as DatasetManifest, columns };
}

/** A stored dataset with all its windows; held in its compact form (pipeline.md 9.5). */
export async function openStoredDataset(reading: Reading, manifestPath: string): Promise<BuiltDataset> {
  const { manifest, columns } = await loadDatasetObjects(reading, manifestPath);
  return openDataset(manifest, columns);
}
