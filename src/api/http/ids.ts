/** Syntax of the ids a client may send (http-api A.5), decided before any database access. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const CLOCK_FORM = /^session_\d+_[A-Za-z0-9]+$/;
const UUID_FORM = /^session_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAX_LENGTH = 128;

export interface SessionRef {
  /** as the caller sent it, for answers */
  ref: string;
  /** as it is compared: UUIDs in lower case */
  key: string;
}

/** null = not one of the three accepted forms */
export function parseSessionRef(value: unknown): SessionRef | null {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return null;
  if (UUID.test(value) || UUID_FORM.test(value)) return { ref: value, key: value.toLowerCase() };
  return CLOCK_FORM.test(value) ? { ref: value, key: value } : null;
}

/** Canonical UUID in lower case; null for every other spelling (braces, urn:, without dashes). */
export const parseUuid = (value: unknown): string | null => (typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : null);
