import { randomUUID } from 'node:crypto';
import type { Finding, FindingCode, Warning } from '../../domain/findings';
import { columnOrder, parseDatasetSettings } from '../../domain/settings';
import type { DatasetSettings, TrainingSettings } from '../../domain/settings/types';
import type { DatasetRow, FileRow, SessionRow, UserStore } from '../../store';
import { datasetHash } from '../../store';
import type { DatasetJob, JobFile, TrainingJob } from '../../workflows/messages';
import { ApiError } from '../errors';
import { fromFindings } from '../findings';
import type { OwnSession } from '../types';

/** Files and settings of a session as a job will work on them: later edits do not disturb it. */
export interface Snapshot {
  row: SessionRow;
  settings: DatasetSettings;
  /** in the order of `settings.series` */
  files: FileRow[];
  contentHash: string;
  /** the stored dataset, when it is the one these files and settings lead to */
  dataset: DatasetRow | null;
  warnings: Warning[];
}

/**
 * Reads and checks everything a job needs, all findings at once.
 * @throws ApiError NO_FILES, INVALID_DATA, INCOMPLETE_CONFIG, INVALID_ZEITSCHRITTE, INVALID_FILE_METADATA, INVALID_TIME_INFO
 */
export async function takeSnapshot(mine: UserStore, session: OwnSession): Promise<Snapshot> {
  const [row, all, zeitschritte, timeInfo, dataset] = await Promise.all([
    mine.session(session.id),
    mine.files(session.id),
    mine.zeitschritte(session.id),
    mine.timeInfo(session.id),
    mine.dataset(session.id),
  ]);
  if (!row) throw new ApiError('SESSION_NOT_FOUND');
  const filled = all.filter(({ sha256 }) => sha256 !== null);
  const { settings, findings, warnings } = parseDatasetSettings({
    files: records(filled),
    zeitschritte: record(zeitschritte),
    timeInfo: record(timeInfo),
  });
  const everything = [...all.flatMap(contentFindings), ...findings];
  if (!settings || everything.length > 0) throw fromFindings(everything);

  const files = columnOrder(records(filled)).flatMap((index) => filled[index] ?? []);
  const contentHash = datasetHash(files, settings);
  return { row, settings, files, contentHash, warnings, dataset: dataset?.content_hash === contentHash ? dataset : null };
}

const record = (row: object | null): Record<string, unknown> | null => (row === null ? null : { ...row });
const records = (rows: readonly object[]): Record<string, unknown>[] => rows.map((row) => ({ ...row }));

/** What the assembly found wrong with a file's content. */
function contentFindings({ file_name: file, sha256, valid, problems }: FileRow): Finding[] {
  if (sha256 === null) return [{ code: 'CSV_TOO_SHORT', message: `${file} has no content yet: upload it, or delete its entry`, file }];
  if (valid !== false) return [];
  if (problems.length === 0) return [{ code: 'CSV_COLUMNS', message: `${file} is not a readable two-column CSV file`, file }];
  // the stored codes are those of the parser
  return problems.map(({ code, message, row }) => ({ code: code as FindingCode, message, file, ...(row !== null && { row }) }));
}

/** Input of generateDatasetsWorkflow. */
export const datasetJob = (userId: string, session: OwnSession, snapshot: Snapshot): DatasetJob => ({
  job: 'dataset',
  ...jobBase(userId, session, snapshot),
});

/** Input of trainModelsWorkflow. */
export const trainingJob = (userId: string, session: OwnSession, snapshot: Snapshot, training: TrainingSettings): TrainingJob => ({
  job: 'training',
  ...jobBase(userId, session, snapshot),
  training,
});

const jobBase = (userId: string, session: OwnSession, { row, settings, files, contentHash }: Snapshot): Omit<DatasetJob, 'job'> => ({
  runId: randomUUID(),
  sessionId: session.id,
  sessionRef: session.stringId ?? session.id,
  sessionName: row.session_name,
  userId,
  startedAt: new Date().toISOString(),
  contentHash,
  settings,
  files: files.map(jobFile),
});

function jobFile(file: FileRow): JobFile {
  const { id, file_name, storage_bucket, storage_path, sha256, column_header } = file;
  // a check constraint keeps the three together
  if (storage_bucket === null || storage_path === null || sha256 === null) throw new Error(`file ${id} has no content`);
  return { fileId: id, fileName: file_name, bucket: storage_bucket, objectPath: storage_path, sha256, columnHeader: column_header };
}
