import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ArtifactEntry, ResultDocument, TrainedModelEntry } from '../../domain/artefacts';
import type { Config } from '../../config';
import type { ResultRow, SavedModelRow, Store } from '../../store';

const unzip = promisify(gunzip);

interface Link {
  /** signed, absolute; null when the object is no longer there */
  url: string | null;
  expires_at: string | null;
}

/** The light result document with links to the run's files. */
export type LinkedDocument = Omit<ResultDocument, 'trained_models' | 'trained_model' | 'artifacts'> & {
  trained_models: (TrainedModelEntry & Link)[];
  trained_model: (TrainedModelEntry & Link) | null;
  artifacts: (ArtifactEntry & Link)[];
};

type Reading = { store: Pick<Store, 'objects'>; config: Pick<Config, 'BUCKET_RESULTS' | 'SIGNED_URL_TTL_SECONDS'> };

/**
 * Reads the stored document of a run and signs its files.
 * @param models the session's model rows: they name the objects
 * @returns null for a run that has no document (failed)
 */
export async function readDocument(
  { store, config }: Reading,
  row: ResultRow,
  models: readonly SavedModelRow[],
): Promise<LinkedDocument | null> {
  if (row.results_file_path === null) return null;
  const document = await loadDocument({ store, config }, row.results_file_path);
  const folder = row.results_file_path.slice(0, row.results_file_path.lastIndexOf('/'));
  const expires_at = new Date(Date.now() + config.SIGNED_URL_TTL_SECONDS * 1000).toISOString();
  const sign = async (bucket: string, path: string, name: string): Promise<Link> => ({
    url: await store.objects.sign(bucket, path, config.SIGNED_URL_TTL_SECONDS, name),
    expires_at,
  });

  const trained_models = await Promise.all(
    document.trained_models.map(async (entry) => {
      const model = models.find(({ run_id: runId, filename }) => runId === row.run_id && filename === entry.filename);
      return { ...entry, ...(model ? await sign(model.bucket, model.object_path, entry.filename) : NO_LINK) };
    }),
  );
  const artifacts = await Promise.all(
    document.artifacts.map(async (entry) => ({ ...entry, ...(await sign(config.BUCKET_RESULTS, `${folder}/${entry.name}`, entry.name)) })),
  );
  return { ...document, trained_models, trained_model: trained_models[0] ?? null, artifacts };
}

/** The document as it was stored: gzip of strict JSON. */
export async function loadDocument({ store, config }: Reading, path: string): Promise<ResultDocument> {
  const bytes = await unzip(await store.objects.getBuffer(config.BUCKET_RESULTS, path));
  return JSON.parse(bytes.toString('utf8')) as ResultDocument;
}

const NO_LINK: Link = { url: null, expires_at: null };
