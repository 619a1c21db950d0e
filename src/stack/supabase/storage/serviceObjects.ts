/**
 * Objects that travel to and from the service itself, over Node's own streams, and their removal. lite moves each block through web streams
 * and asks a dozen questions of the database for each object, most of them about row level security, which the service role is exempt from
 * (docs/performance.md). Every other request, and everybody else's, is left to lite.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Sql } from 'postgres';
import { carriesToken, respond } from '../requests';
import { publicMetadata } from './fileStorage';
import type { FileStorage, FoundObject } from './fileStorage';

interface Place {
  bucket: string;
  key: string;
}

interface KnownPlace {
  file_size_limit: string | null;
  allowed_mime_types: string[] | null;
  /** whether there is such an object */
  taken: boolean;
}

/** Second segments of the other routes below /object. */
const ROUTES = new Set(['authenticated', 'info', 'list', 'public', 'sign', 'upload', 'move', 'copy']);

export interface ServiceObjects {
  /** @returns false when the request is another one, untouched so far */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
}

export function createServiceObjects(storage: FileStorage, sql: Sql, serviceKey: string): ServiceObjects {
  const isService = carriesToken(serviceKey);

  async function look({ bucket, key }: Place): Promise<KnownPlace | undefined> {
    const [found] = await sql<KnownPlace[]>`
      select b.file_size_limit, b.allowed_mime_types, o.id is not null as taken
      from storage.buckets b left join storage.objects o on o.bucket_id = b.id and o.name = ${key}
      where b.id = ${bucket}`;
    return found;
  }

  async function send(place: Place, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const known = await look(place);
    if (!known?.taken) return refuse(response, 404, 'not_found', known ? 'Object not found' : 'Bucket not found');
    const found = await storage.find(place.bucket, place.key, request.headers.range);
    response.writeHead(found.range ? 206 : 200, headersOf(found));
    if (request.method === 'HEAD') response.end();
    else await pipeline(found.open(), response);
  }

  async function receive(place: Place, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const upsert = request.headers['x-upsert'] === 'true';
    const mimetype = request.headers['content-type']?.split(';')[0]?.trim() ?? 'application/octet-stream';
    const cacheControl = request.headers['cache-control'] ?? 'no-cache';
    const known = await look(place);
    if (!known) return refuse(response, 404, 'Bucket not found', 'Bucket not found');
    if (known.allowed_mime_types && !known.allowed_mime_types.includes(mimetype))
      return refuse(response, 415, 'invalid_mime_type', `mime type ${mimetype} is not supported`);
    if (known.taken && !upsert) return refuse(response, 409, 'Duplicate', 'The resource already exists');
    if (known.file_size_limit !== null && Number(request.headers['content-length'] ?? 0) > Number(known.file_size_limit))
      return refuse(response, 413, 'Payload too large', `The object exceeded the maximum allowed size of ${known.file_size_limit} bytes`);

    // the bytes come first: a row without them would be an object that cannot be read
    const metadata = await storage.uploadObject(place.bucket, place.key, undefined, request, mimetype, cacheControl);
    const stored = { ...metadata, lastModified: metadata.lastModified.toISOString() };
    const [row] = await sql<{ id: string }[]>`
      insert into storage.objects (bucket_id, name, metadata, version)
      values (${place.bucket}, ${place.key}, ${sql.json(stored)}, ${metadata.eTag.slice(1, -1)})
      on conflict (bucket_id, name) do update set metadata = excluded.metadata, version = excluded.version, updated_at = now()
      returning id`;
    respond(response, 200, JSON.stringify({ Id: row?.id, Key: `${place.bucket}/${place.key}` }));
  }

  async function remove(bucket: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prefixes } = JSON.parse(await text(request)) as { prefixes?: unknown };
    if (!Array.isArray(prefixes)) return refuse(response, 400, 'invalid_request', 'prefixes must be a list of names');
    const names = prefixes.map(String);
    const found = await sql<{ name: string }[]>`select name from storage.objects where bucket_id = ${bucket} and name = any(${names})`;
    const stored = found.map(({ name }) => name);
    // the files go first: while there is a row, a removal that broke off can be repeated
    await storage.deleteObjects(bucket, stored);
    await sql`delete from storage.objects where bucket_id = ${bucket} and name = any(${stored})`;
    respond(response, 200, JSON.stringify(found));
  }

  /** null = a request that lite answers */
  function workFor(request: IncomingMessage, response: ServerResponse): (() => Promise<void>) | null {
    const { method, url = '', headers } = request;
    const place = placeOf(url);
    const [, bucket] = /^\/storage\/v1\/object\/([\w-]+)$/.exec(url) ?? [];
    if (place && (method === 'GET' || method === 'HEAD')) return () => send(place, request, response);
    const isPlain = !headers['content-type']?.startsWith('multipart/') && headers['x-metadata'] === undefined;
    if (place && method === 'POST' && isPlain) return () => receive(place, request, response);
    if (bucket !== undefined && method === 'DELETE') return () => remove(bucket, request, response);
    return null;
  }

  return {
    handle(request, response) {
      const work = isService(request.headers) ? workFor(request, response) : null;
      if (!work) return false;
      work().catch((error: unknown) => {
        // a client that has gone needs no answer; one that is there must not take a broken transfer for a whole one
        if (response.headersSent || request.destroyed) response.destroy();
        else refuse(response, 500, 'internal', error instanceof Error ? error.message : 'unknown error');
      });
      return true;
    },
  };
}

/** Bucket and key of an address of one object; null for every other. */
function placeOf(url: string): Place | null {
  const [, bucket, encoded] = /^\/storage\/v1\/object\/([\w-]+)\/([^?#]+)$/.exec(url) ?? [];
  if (bucket === undefined || encoded === undefined || ROUTES.has(bucket)) return null;
  try {
    const key = decodeURIComponent(encoded);
    return key.includes('..') || key.startsWith('/') ? null : { bucket, key };
  } catch {
    return null;
  }
}

function headersOf({ description, range }: FoundObject): Record<string, string | number> {
  const { cacheControl, size, mimetype, lastModified, eTag } = publicMetadata(description);
  return {
    'Content-Type': mimetype,
    'Cache-Control': cacheControl,
    ETag: eTag,
    'Last-Modified': lastModified.toUTCString(),
    'Accept-Ranges': 'bytes',
    'Content-Length': range ? range.end - range.start + 1 : size,
    ...(range && { 'Content-Range': `bytes ${range.start}-${range.end}/${size}` }),
  };
}

/** What is left of the request's body is read: closing would reset the connection under the client's next request. */
function refuse(response: ServerResponse, status: number, error: string, message: string): void {
  response.req.resume();
  respond(response, status, JSON.stringify({ statusCode: String(status), error, message }));
}
