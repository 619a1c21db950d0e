import type { Readable } from 'node:stream';
import type { Store } from '../../store';
import type { Context } from '../types';

/** A stored object as a client downloads it. */
export interface ObjectDownload {
  bucket: string;
  path: string;
  filename: string;
  size: number;
  /** lower-case hex; becomes the strong ETag */
  sha256: string;
}

/** Anything a client downloads as a file. */
export interface Download {
  filename: string;
  contentType: string;
  size: number;
  /** names these very bytes: the strong ETag */
  version: string;
  /** the bytes, or a part of them */
  open: (range?: ByteRange) => Promise<Readable> | Readable;
}

export interface ByteRange {
  start: number;
  /** inclusive */
  end: number;
}

/** Streams an object as an attachment (route 25). */
export const sendObject = (ctx: Context, store: Pick<Store, 'objects'>, { bucket, path, filename, size, sha256 }: ObjectDownload) =>
  sendDownload(ctx, {
    filename,
    contentType: 'application/octet-stream',
    size,
    version: sha256,
    open: (range) => store.objects.get(bucket, path, range),
  });

/**
 * Answers with an attachment (http-api A.1): ETag, conditional requests and a single byte range (RFC 9110, 13 and 14).
 * Several ranges in one request are answered with the whole file, as the RFC allows.
 */
export async function sendDownload(ctx: Context, { filename, contentType, size, version, open }: Download): Promise<void> {
  ctx.attachment(filename);
  ctx.type = contentType;
  ctx.set({ 'Cache-Control': 'private, no-cache', 'Accept-Ranges': 'bytes' });
  ctx.etag = version;
  ctx.status = 200;
  if (isKnown(ctx.get('If-None-Match'), version)) {
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
  if (ctx.method !== 'HEAD') ctx.body = await open(range ?? undefined);
  // a stream as body sets its own type and drops the length
  ctx.type = contentType;
  ctx.length = range ? range.end - range.start + 1 : size;
}

/**
 * Whether the caller holds this version already. Not Koa's `fresh`: that gives up at `Cache-Control: no-cache`, which fetch adds by itself
 * and which speaks to caches, not to the origin (RFC 9110, 13.1.2; RFC 9111, 5.2.1.4).
 */
export const isKnown = (ifNoneMatch: string, version: string): boolean =>
  ifNoneMatch.split(',').some((tag) => ['*', `"${version}"`].includes(tag.trim().replace(/^W\//, '')));

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
