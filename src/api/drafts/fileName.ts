import { ApiError } from '../errors';
import { MAX_TEXT } from './values';

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const REFUSED = /[\u0000-\u001f\u007f-\u009f/\\]|\.\.|^\.$/;

/** A file name is data, never a path (http-api B.2); null = not acceptable. */
export function parseFileName(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const name = value.normalize('NFC');
  const length = [...name].length;
  return length >= 1 && length <= MAX_TEXT && name.isWellFormed() && !REFUSED.test(name) ? name : null;
}

/** @throws INVALID_FILE_NAME */
export function fileName(value: unknown): string {
  const name = parseFileName(value);
  if (name === null) throw new ApiError('INVALID_FILE_NAME', { field: 'fileName' });
  return name;
}
