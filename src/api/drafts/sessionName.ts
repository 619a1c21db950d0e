import { MAX_TEXT } from './values';

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Name of a session as it is stored: trimmed, NFC. @returns what is wrong with it otherwise */
export function readSessionName(value: unknown): { name: string } | { refused: string } {
  if (value === undefined || value === null) return { refused: 'sessionName is required' };
  if (typeof value !== 'string') return { refused: 'sessionName must be a string' };
  const name = value.normalize('NFC').trim();
  if (name === '') return { refused: 'sessionName cannot be empty' };
  if ([...name].length > MAX_TEXT) return { refused: `sessionName is too long (max ${MAX_TEXT})` };
  if (CONTROL.test(name) || !name.isWellFormed()) return { refused: 'sessionName must not contain control characters' };
  return { name };
}
