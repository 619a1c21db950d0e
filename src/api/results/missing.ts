import { StoreError } from '../../store';
import { ApiError } from '../errors';

/** Arrays that are lost, or of a dataset that was replaced. */
export const missingArrays = (cause?: unknown): ApiError =>
  new ApiError('STORAGE_UNAVAILABLE', { error: 'The arrays of this run are not available', ...(cause === undefined ? {} : { cause }) });

/** For `catch` of a read: an object that is gone is the answer, any other fault stays one. */
export function translateMissing(error: unknown): never {
  throw error instanceof StoreError ? missingArrays(error) : error;
}
