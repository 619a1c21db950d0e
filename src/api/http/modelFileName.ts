import { queryText } from './query';

const MAX_LENGTH = 255;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[/\\\x00-\x1f\x7f-\x9f]|\.\./;

/** A model file is fetched by a bare name: no separator, no leading dot, no `..`, no control character (http-api route 25). */
export const isModelFileName = (name: string): boolean =>
  name.length > 0 && name.length <= MAX_LENGTH && !name.startsWith('.') && !FORBIDDEN.test(name);

/** Query value; absent or empty = the newest model. */
export const modelFileName = queryText.refine((name) => !name || isModelFileName(name), {
  error: 'Invalid model file name',
  params: { code: 'INVALID_MODEL_FILENAME' },
});
