import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';

/** The command was called in a way that cannot be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A folder that appears complete or not at all. */
export interface OutputFolder {
  /** where everything is written first; beside the folder, so that a rename is enough */
  staging: string;
  publish(): Promise<void>;
  discard(): Promise<void>;
}

/** What this command puts there; a folder holding anything else is not its own to replace. */
const OWN_ENTRIES = /^(result\.json|dataset\.npz|test_data\.npz|scalers\.json|dataset|models|plots|\d+_\w+)$/;

/**
 * @param force  replaces what an earlier run left in the folder
 * @throws UsageError when the folder is not empty, or holds other things than results
 */
export async function openOutputFolder(folder: string, force: boolean): Promise<OutputFolder> {
  const target = path.resolve(folder);
  const entries = await entriesOf(target);
  if (entries.length > 0 && !force)
    throw new UsageError(`${folder} is not empty; choose another folder, or --force to replace earlier results`);
  const foreign = entries.filter((entry) => !OWN_ENTRIES.test(entry));
  if (foreign.length > 0)
    throw new UsageError(`${folder} holds other things than results (${foreign.slice(0, 3).join(', ')}); choose another folder`);

  const parent = path.dirname(target);
  await mkdir(parent, { recursive: true });
  const beside = (purpose: string): string => path.join(parent, `.${path.basename(target)}-${purpose}-${randomUUID().slice(0, 8)}`);
  const staging = beside('unfinished');
  await mkdir(staging);
  return {
    staging,
    async publish() {
      // the former results stay whole until the new ones take their place
      const former = beside('former');
      if (entries.length > 0) await rename(target, former);
      else await rmdir(target).catch(unlessMissing);
      await rename(staging, target);
      await rm(former, { recursive: true, force: true });
    },
    discard: () => rm(staging, { recursive: true, force: true }),
  };
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') throw new UsageError(`${folder} is a file, not a folder`);
    unlessMissing(error);
    return [];
  }
}

function unlessMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
