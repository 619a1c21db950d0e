import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetSettings } from '../../domain/settings/types';
import type { ObjectStore } from '../../store';
import type { JobFile } from '../../workflows/messages';
import type { ParsedFile } from '../compute';
import { findingsFailure } from '../failures';
import { COLUMNS, MANIFEST } from '../objectNames';
import type { ActivityServices } from '../services';
import { fetchVerified } from '../transfer';
import type { StoredDataset } from '../types';

// Storage is the bottleneck; more streams at a time only hold more sockets.
const AT_A_TIME = 4;

/** One file of the job on this machine. */
export interface LocalFile {
  file: JobFile;
  index: number;
  csv: string;
}

/** Downloads the chosen files of a job and checks their hashes. @param indices positions in `files`, which has the order of the settings */
export async function fetchFiles(
  objects: Pick<ObjectStore, 'get'>,
  files: readonly JobFile[],
  indices: readonly number[],
  folder: string,
  signal: AbortSignal,
): Promise<LocalFile[]> {
  const local: LocalFile[] = [];
  for (let at = 0; at < indices.length; at += AT_A_TIME) {
    const some = indices.slice(at, at + AT_A_TIME).map(async (index): Promise<LocalFile> => {
      const file = files[index];
      if (!file) throw new RangeError('a series has no file');
      const csv = path.join(folder, `${index}.csv`); // no client text in a path
      await fetchVerified(objects, file, csv, signal);
      return { file, index, csv };
    });
    local.push(...(await Promise.all(some)));
  }
  return local;
}

export type ReadableFile = Extract<ParsedFile, { ok: true }> & { index: number; seriesFile: string };

/**
 * Parses files of a job, each in a thread of its own, and keeps their rows beside them.
 * @throws INVALID_DATA (not retried) with the findings of all unreadable files
 */
export async function parseFiles(
  compute: ActivityServices['compute'],
  files: readonly LocalFile[],
  settings: DatasetSettings,
  signal: AbortSignal,
): Promise<ReadableFile[]> {
  const parsed = await Promise.all(
    files.map(async ({ file, index, csv }) => {
      const seriesFile = `${csv}.series`;
      const label = settings.series[index]?.label ?? '';
      return { index, seriesFile, ...(await compute.run('parseSeries', { csv, fileName: file.fileName, label, seriesFile }, signal)) };
    }),
  );
  const findings = parsed.flatMap((one) => (one.ok ? [] : one.findings));
  if (findings.length > 0) throw findingsFailure(findings, 'INVALID_DATA');
  return parsed.filter((one): one is ReadableFile => one.ok).sort((a, b) => a.index - b.index);
}

/** Downloads a dataset's two objects. */
export async function fetchDataset(objects: ObjectStore, bucket: string, dataset: StoredDataset, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await Promise.all([
    objects.getFile(bucket, dataset.manifestPath, path.join(folder, MANIFEST)),
    objects.getFile(bucket, dataset.manifestPath.replace(MANIFEST, COLUMNS), path.join(folder, COLUMNS)),
  ]);
  return folder;
}
