/**
 * Settings are saved while the user types (http-api B.7): any text is kept as it is and only what cannot be stored is refused.
 * Their meaning is checked by the jobs.
 */
import { z } from 'zod';
import { isObject } from '../http/body';
import { INVALID, lenientBoolean } from '../http/lenient';

export const MAX_TEXT = 255;

/** Names a wrong value by its path below the object that is read. */
export type Report = (path: readonly string[], message: string) => void;

/** Reads one kind of draft; what is wrong is reported, never thrown. */
export type DraftReader<T> = (value: Record<string, unknown>, report: Report) => T;

/** JSON Schema of a draft (shapes.ts). */
export type DraftShape = Readonly<Record<string, unknown>>;

/** null, a missing value and "" mean "not given" (http-api A.1). */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** Text as sent, in NFC; null = not given. Numbers count as text where `numbers` says so. */
export function draftText(value: unknown, { numbers = false }: { numbers?: boolean } = {}): string | null | typeof INVALID {
  if (!isGiven(value)) return null;
  const text = numbers && typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && isStorable(text) ? text.normalize('NFC') : INVALID;
}

/** PostgreSQL takes neither NUL nor half a surrogate pair. */
export const isStorable = (text: string): boolean => text.length <= MAX_TEXT && !text.includes('\0') && text.isWellFormed();

/** `ja`/`nein` from a boolean, also as the text a form sends, or from the words in any case; any other text stays a draft. */
export function draftYesNo(value: unknown): string | null | typeof INVALID {
  const flag = lenientBoolean(value);
  if (typeof flag === 'boolean') return flag ? 'ja' : 'nein';
  const text = draftText(value);
  if (typeof text !== 'string') return text;
  const word = text.trim().toLowerCase();
  return word === 'ja' || word === 'nein' ? word : text;
}

export const draftFlag = lenientBoolean;

/** The sentence of a refused value, by the kind of its field. */
export const EXPECTED = {
  flag: 'must be true or false',
  text: `must be text of at most ${MAX_TEXT} characters`,
  number: `must be a number, or text of at most ${MAX_TEXT} characters`,
  yesNo: 'must be "ja" or "nein"',
  object: 'must be an object',
} as const;

/**
 * Schema of a configuration object that may be missing; {} counts as missing too, since it leaves stored rows untouched. null = absent
 * @param shape what the OpenAPI document says of it
 */
export const optionalDraft = <T>(read: DraftReader<T>, shape: DraftShape = {}) =>
  z
    .unknown()
    .optional()
    .transform((value, ctx): T | null => {
      if (value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0)) return null;
      return readDraft(read, value, ctx);
    })
    .meta({ ...shape, type: ['object', 'null'] });

/** The same where a route demands it; {} is a configuration of defaults. `missing` is the sentence of its 400 BAD_REQUEST. */
export const requiredDraft = <T>(read: DraftReader<T>, missing: string, shape: DraftShape = {}) =>
  z
    .unknown()
    .optional()
    .transform((value, ctx): T => {
      if (value !== undefined && value !== null) return readDraft(read, value, ctx);
      ctx.addIssue({ code: 'custom', message: missing, params: { code: 'BAD_REQUEST' } });
      return z.NEVER;
    })
    .meta({ ...shape, type: 'object' });

function readDraft<T>(read: DraftReader<T>, value: unknown, ctx: z.RefinementCtx): T {
  if (isObject(value)) return read(value, (path, message) => ctx.addIssue({ code: 'custom', path: [...path], message }));
  ctx.addIssue({ code: 'custom', message: `The value ${EXPECTED.object}` });
  return z.NEVER;
}
