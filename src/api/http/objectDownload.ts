import type { Store } from '../../store';
import type { Context } from '../types';

/** A stored object as a client downloads it. */
export interface Download {
  bucket: string;
  path: string;
  filename: string;
  size: number;
  /** lower-case hex; becomes the strong ETag */
  sha256: string;
}

export interface ByteRange {
  start: number;
  /** inclusive */
  end: number;
}

/**
 * Streams an object as an attachment (http-api A.1, route 25): ETag, conditional requests and a single byte range (RFC 9110, 13 and 14).
 * Several ranges in one request are answered with the whole object, as the RFC allows.
 */
export async function sendObject(
  ctx: Context,
  store: Pick<Store, 'objects'>,
  { bucket, path, filename, size, sha256 }: Download,
): Promise<void> {
  ctx.attachment(filename);
  ctx.type = 'application/octet-stream';
  ctx.set({ 'Cache-Control': 'private, no-cache', 'Accept-Ranges': 'bytes' });
  ctx.etag = sha256;
  ctx.status = 200;
  if (isKnown(ctx.get('If-None-Match'), sha256)) {
    ctx.status = 304;
    return;
  }
  const range = rangeStillValid(ctx) ? parseRange(ctx.get('Range'), size) : null;
  if (range === 'unsatisfiable') {
    ctx.status = 416;
    ctx.set({ 'Content-Range': `bytes */${size}`, 'Cache-Control': 'no-store' });
    ctx.remove('Content-Disposition');
    ctx.body = { success: false, code: 'BAD_REQUEST', error: 'The requested range lies outside the file' };
    return;
  }
  if (range) {
    ctx.status = 206;
    ctx.set('Content-Range', `bytes ${range.start}-${range.end}/${size}`);
  }
  if (ctx.method !== 'HEAD') ctx.body = await store.objects.get(bucket, path, range ?? undefined);
  // a stream as body sets its own type and drops the length
  ctx.type = 'application/octet-stream';
  ctx.length = range ? range.end - range.start + 1 : size;
}

/**
 * Whether the caller holds this version already. Not Koa's `fresh`: that gives up at `Cache-Control: no-cache`, which fetch adds by itself
 * and which speaks to caches, not to the origin (RFC 9110, 13.1.2; RFC 9111, 5.2.1.4).
 */
export const isKnown = (ifNoneMatch: string, sha256: string): boolean =>
  ifNoneMatch.split(',').some((tag) => ['*', `"${sha256}"`].includes(tag.trim().replace(/^W\//, '')));

/** With If-Range a part is only sent of the version the client already holds. */
const rangeStillValid = (ctx: Context): boolean => {
  const version = ctx.get('If-Range');
  return version === '' || version === ctx.response.get('ETag');
};

/** One byte range of a Range header; null = none that is understood, so the whole object is sent. */
export function parseRange(header: string, size: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.replace(/\s/g, ''));
  const [, first = '', last = ''] = match ?? [];
  if (!match || (first === '' && last === '')) return null;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length > 0 ? { start: size - length, end: size - 1 } : 'unsatisfiable';
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return null; // not a range at all
  return start < size ? { start, end } : 'unsatisfiable';
}
