import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ComputePool, ParsedFile } from '../../activities/compute';
import { columnOrder, seriesLabel } from '../../domain/settings';
import type { Problem, SettingsFile } from '../settingsFile';
import { whyUnreadable } from '../settingsFile';
import { seriesRecords } from './checkSettings';

/** One series whose rows lie on disk, parsed. */
export interface ReadSeries extends Extract<ParsedFile, { ok: true }> {
  label: string;
  /** as the settings name it */
  file: string;
  seriesFile: string;
  sha256: string;
}

/**
 * Parses every CSV file of the settings in worker threads (pipeline.md 2).
 *
 * @param folder  gets the parsed columns
 * @returns series in the order of `settings.series`, complete only when there is no problem
 */
export async function readAllSeries(
  settings: SettingsFile,
  folder: string,
  compute: ComputePool,
  signal: AbortSignal,
): Promise<{ series: ReadSeries[]; problems: Problem[] }> {
  const records = seriesRecords(settings);
  const outcomes = await Promise.all(
    columnOrder(records).map(async (index) => {
      const { file } = settings.files[index]!;
      return readOne(settings.folder, file, seriesLabel(records[index]!), path.join(folder, `${index}.series`), compute, signal);
    }),
  );
  const problems = outcomes.flatMap((one) => (Array.isArray(one) ? one : []));
  return { series: outcomes.flatMap((one) => (Array.isArray(one) ? [] : one)), problems: distinct(problems) };
}

async function readOne(
  base: string,
  file: string,
  label: string,
  seriesFile: string,
  compute: ComputePool,
  signal: AbortSignal,
): Promise<ReadSeries | Problem[]> {
  const csv = path.resolve(base, file);
  const unreadable = await whyNot(csv);
  if (unreadable) return [{ code: 'FILE_UNREADABLE', message: `${csv} ${unreadable}`, file, field: 'file' }];
  const parsed = await compute.run('parseSeries', { csv, fileName: file, label, seriesFile }, signal);
  if (!parsed.ok) return parsed.findings;
  return { ...parsed, label, file, seriesFile, sha256: await sha256Of(csv, signal) };
}

async function whyNot(csv: string): Promise<string | null> {
  try {
    if (!(await stat(csv)).isFile()) return 'is not a file';
    await access(csv, constants.R_OK);
    return null;
  } catch (error) {
    return whyUnreadable(error);
  }
}

async function sha256Of(csv: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(csv), hash, { signal });
  return hash.digest('hex');
}

/** A file used by several series is wrong once. */
const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];
