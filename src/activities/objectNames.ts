/** Names of stored objects (data-model.md 7): minted here, made of ids and hashes only, no client text enters them. */
import type { Run } from './types';

type Owner = Pick<Run, 'userId' | 'sessionId'>;
type RunOwner = Owner & Pick<Run, 'runId'>;

export const csvObject = ({ userId, sessionId }: Owner, fileId: string, sha256: string): string =>
  `${userId}/${sessionId}/${fileId}/${sha256}.csv`;

export const datasetFolder = ({ userId, sessionId }: Owner, contentHash: string): string => `${userId}/${sessionId}/dataset_${contentHash}`;
export const MANIFEST = 'manifest.json';
export const COLUMNS = 'columns.bin';

export const runFolder = ({ userId, sessionId, runId }: RunOwner): string => `${userId}/${sessionId}/${runId}`;
export const resultDocument = (run: Run): string => `${runFolder(run)}/training_results_${stamp(run.startedAt)}.json.gz`;
export const testArrays = (run: RunOwner): string => `${runFolder(run)}/test_data.npz`;
export const modelObject = (run: RunOwner, filename: string): string => `${runFolder(run)}/${filename}`;

const CHECKPOINT = 'checkpoint_';
export const checkpointObject = (run: RunOwner, epoch: number): string => `${runFolder(run)}/${CHECKPOINT}${epoch}`;
/** epoch of a checkpoint's name, null for any other object */
export function checkpointEpoch(objectPath: string): number | null {
  const name = objectPath.slice(objectPath.lastIndexOf('/') + 1);
  return new RegExp(`^${CHECKPOINT}\\d+$`).test(name) ? Number(name.slice(CHECKPOINT.length)) : null;
}

/** What training leaves for the evaluation; removed with the checkpoints when the run ends. */
export const FORECAST = 'forecast.bin';
export const REPORT = 'training_report.json';
export const isIntermediate = (objectPath: string): boolean =>
  checkpointEpoch(objectPath) !== null || objectPath.endsWith(`/${FORECAST}`) || objectPath.endsWith(`/${REPORT}`);

/** `YYYYMMDD_HHMMSS` of the start of the run, UTC. */
export const stamp = (startedAt: string): string => {
  const digits = new Date(startedAt).toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}_${digits.slice(8, 14)}`;
};
