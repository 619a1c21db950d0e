/** How lite reads PostgreSQL: values and errors in the form in which PostgREST answers. */
import type { PostgresType } from 'postgres';

const isoTime = (text: string) => (/^\d/.test(text) ? text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00') : text);
const asNumber = (text: string) => (Number.isFinite(Number(text)) ? Number(text) : text);
const unchanged = (text: string) => text;
/** Arguments of functions arrive as JSON text already, which lite would encode once more: the function would see a JSON string. */
const jsonText = (value: unknown) => (typeof value === 'string' && /^[[{]/.test(value) ? value : JSON.stringify(value));

/** lite itself answers "2026-01-01 00:00:00+00", and numeric as a string where it does not round-trip. */
export const POSTGRES_TYPES: Record<string, PostgresType> = {
  timestamptz: { to: 1184, from: [1184], serialize: unchanged, parse: isoTime },
  timestamp: { to: 1114, from: [1114], serialize: unchanged, parse: (text: string) => text.replace(' ', 'T') },
  jsonb: { to: 3802, from: [3802], serialize: jsonText, parse: (text: string): unknown => JSON.parse(text) },
  numeric: { to: 1700, from: [1700], serialize: String, parse: asNumber },
};

interface DatabaseError {
  code?: unknown;
  message?: string;
  detail?: string;
  hint?: string;
}

/** Codes that lite maps correctly by itself. */
const known = (code: string) =>
  code.startsWith('PT') ||
  code === 'PGRST' ||
  code === '23505' ||
  code === '23503' ||
  code === '23502' ||
  code === '25006' ||
  /^(42|22|21)/.test(code);

/** Status as PostgREST answers it: raised exceptions and broken constraints are the caller's fault. */
const statusOf = (code: string) => (/^(23|P0)/.test(code) ? 400 : code.startsWith('08') ? 503 : 500);

/**
 * lite answers 500 "SUP" for RAISE EXCEPTION, CHECK violations, serialisation failures and time-outs, and loses code and hint.
 * In this form ("PGRST" with JSON texts) it passes them through.
 */
export function describeDatabaseError(error: unknown): unknown {
  const { code, message, detail, hint } = (error ?? {}) as DatabaseError;
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || known(code)) return error;
  return {
    code: 'PGRST',
    message: JSON.stringify({ code, message, details: detail ?? null, hint: hint ?? null }),
    detail: JSON.stringify({ status: statusOf(code), headers: {} }),
  };
}
