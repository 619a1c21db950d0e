import { StackError } from '../types';

/**
 * Path of the `temporal` program that set-up has found or brought.
 * @throws StackError when there is none
 */
export async function temporalBinary(env: NodeJS.ProcessEnv): Promise<string> {
  const { findTemporal } = await import('../../../scripts/lib/temporal-binary.mjs'); // the scripts know the cache
  const file = findTemporal(env);
  if (file === null) throw new StackError('The Temporal program is missing: run npm run setup, or set TEMPORAL_ADDRESS.');
  return file;
}
