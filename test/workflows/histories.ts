import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

export const HISTORIES = path.join(__dirname, 'histories');

/**
 * Keeps a history for the replay test. It is written once and committed: a later run of changed workflow code must still replay it.
 * Delete the file to record anew, which is right only when no workflow of the former shape can be running anywhere.
 */
export async function record(name: string, history: string): Promise<void> {
  const file = path.join(HISTORIES, `${name}.json`);
  if (!existsSync(file)) await writeFile(file, `${history}\n`);
}
