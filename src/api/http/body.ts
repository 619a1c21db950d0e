import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import type { Context } from '../types';
import { ApiError } from '../errors';

// JSON nested deeper than any request of this API; what walks through values, here and behind, is recursive
const MAX_DEPTH = 64;

export type JsonBody = Record<string, unknown>;

/**
 * Reads a JSON object of at most `limit` bytes; the limit holds while reading, with or without Content-Length.
 * @returns null when the request has no body
 * @throws PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, MALFORMED_JSON, MISSING_BODY (JSON that is no object)
 */
export async function readJsonObject(ctx: Context, limit: number): Promise<JsonBody | null> {
  if (!hasBody(ctx.req)) return null;
  if (!ctx.is('json', '+json') || !isUtf8(ctx.request.charset) || isEncoded(ctx)) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', { error: 'The content type must be application/json' });
  }
  const bytes = await readBytes(ctx.req, limit);
  if (bytes.length === 0) return null;
  const value = parseJson(decodeUtf8(bytes));
  if (!isObject(value)) throw new ApiError('MISSING_BODY');
  return value;
}

/** Strict JSON of bounded depth with all keys in NFC. @throws MALFORMED_JSON, with `field` when the text is a part of a form */
export function parseJson(text: string, field?: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    refuseDepth(value, 0);
    // only text beyond ASCII or with escapes can hold a key that is not normalised
    return /[^\x20-\x7e\s]|\\u/i.test(text) ? withNormalKeys(value) : value;
  } catch (cause) {
    throw new ApiError('MALFORMED_JSON', field === undefined ? { cause } : { cause, field, error: `${field} is not valid JSON` });
  }
}

export const isObject = (value: unknown): value is JsonBody => typeof value === 'object' && value !== null && !Array.isArray(value);

export const hasBody = (request: IncomingMessage): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

const isUtf8 = (charset: string): boolean => charset === '' || /^"?utf-?8"?$/i.test(charset);
const isEncoded = (ctx: Context): boolean => !['', 'identity'].includes(ctx.get('Content-Encoding'));

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const length = request.headers['content-length'];
  try {
    return await getRawBody(request, { limit, ...(length === undefined ? {} : { length }) });
  } catch (cause) {
    const { type } = cause as getRawBody.RawBodyError;
    if (type === 'entity.too.large') throw new ApiError('PAYLOAD_TOO_LARGE', { cause });
    throw new ApiError('BAD_REQUEST', { error: 'The request body could not be read', cause });
  }
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ApiError('MALFORMED_JSON', { cause });
  }
}

function refuseDepth(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_DEPTH) throw new RangeError('nested too deeply');
  // numbers are most of a large body: not worth a call each
  for (const item of Array.isArray(value) ? (value as unknown[]) : Object.values(value))
    if (typeof item === 'object') refuseDepth(item, depth + 1);
}

function withNormalKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withNormalKeys);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.normalize('NFC'), withNormalKeys(item)]));
}
