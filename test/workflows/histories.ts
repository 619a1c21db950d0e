import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { WorkflowHandle } from '@temporalio/client';

const FOLDER = path.join(__dirname, 'histories');

/**
 * The workflows that have a committed history. `trainModels` and `cancelledTraining` began before trainings had ranks; `secondTraining` is
 * of a user whose first one took more than two minutes, so that it came back from the queue and was ranked anew.
 */
export const RECORDED = ['trainModels', 'generateDatasets', 'uploadSession', 'cleanup', 'cancelledTraining', 'secondTraining'] as const;
export type Recorded = (typeof RECORDED)[number];

const fileOf = (name: Recorded): string => path.join(FOLDER, `${name}.json`);

/**
 * Keeps a history for the replay test. It is written once and committed: later workflow code must still replay it.
 * Delete the file to record anew, which is right only when no workflow of the former shape can be running anywhere.
 */
export async function record(name: Recorded, handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<void> {
  if (existsSync(fileOf(name))) return;
  const history = historyToJSON(await handle.fetchHistory());
  // who polled is of no interest, and no name of a machine belongs into the repository
  const anonymous = history.replaceAll(/"identity": ?"[^"]*"/g, '"identity": "worker"').replaceAll(/(pipeline|training)@[^"#]*#\d+/g, '$1');
  await writeFile(fileOf(name), `${anonymous}\n`);
}

export const history = async (name: Recorded): Promise<unknown> => JSON.parse(await readFile(fileOf(name), 'utf8'));
