/** Values as real clients send them (http-api A.1): numbers and booleans as text, "" for "not given". */

/** The value is there but is not what the field takes. */
export const INVALID = Symbol('invalid');
type Lenient<T> = T | null | typeof INVALID;

// optional sign, one decimal mark (point or comma), optional exponent, no thousands marks
const DECIMAL = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i;

const notGiven = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** null = not given */
export function lenientNumber(value: unknown): Lenient<number> {
  if (notGiven(value)) return null;
  const text = typeof value === 'string' ? value.trim() : '';
  const number = typeof value === 'number' ? value : DECIMAL.test(text) ? Number(text.replace(',', '.')) : NaN;
  return Number.isFinite(number) ? number : INVALID;
}

/** Accepts "3" and 3.0, not 3.5. */
export function lenientInteger(value: unknown): Lenient<number> {
  const number = lenientNumber(value);
  return typeof number === 'number' && !Number.isSafeInteger(number) ? INVALID : number;
}

export function lenientBoolean(value: unknown): Lenient<boolean> {
  if (notGiven(value)) return null;
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : INVALID;
}
