import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { Busboy } from '@fastify/busboy';
import { replaceRequest } from '../lite';
import type { Context, Middleware } from '../lite';

interface Part {
  stream: Readable;
  mimeType: string;
  fields: Record<string, string>;
}

/** Reads up to the first file part; null when there is none. Fields behind the file are not seen, supabase-js sends them before. */
function firstFile(context: Context, contentType: string): Promise<Part | null> {
  const parser = new Busboy({ headers: { 'content-type': contentType }, limits: { fileSize: Infinity } });
  const source = Readable.fromWeb(context.req.raw.body as NodeStream<Uint8Array>);
  const fields: Record<string, string> = {};
  return new Promise((resolve, reject) => {
    parser.on('field', (name, value) => (fields[name] = value));
    parser.on('file', (_field, stream, _name, _encoding, mimeType) => resolve({ stream, mimeType, fields }));
    parser.on('finish', () => resolve(null));
    parser.on('error', reject);
    source.on('error', reject);
    source.pipe(parser);
  });
}

/** supabase-js sends a Blob or File as multipart with an empty field name; lite looks for "file" and buffers it. Handed on as a raw stream. */
export const multipartUploads: Middleware = async (context, next) => {
  const { method, path } = context.req;
  const contentType = context.req.header('content-type') ?? '';
  const isUpload =
    (method === 'POST' || method === 'PUT') && path.startsWith('/storage/v1/object/') && contentType.startsWith('multipart/form-data');
  if (!isUpload || !context.req.raw.body) return next();
  const part = await firstFile(context, contentType);
  if (!part) return context.json({ statusCode: '400', error: 'InvalidRequest', message: 'Missing file in multipart upload' }, 400);
  const headers = new Headers(context.req.raw.headers);
  headers.delete('content-length');
  headers.set('content-type', part.mimeType || 'application/octet-stream');
  if (part.fields['cacheControl']) headers.set('cache-control', `max-age=${part.fields['cacheControl']}`);
  replaceRequest(context, { headers, body: Readable.toWeb(part.stream) as ReadableStream<Uint8Array>, duplex: 'half' });
  await next();
  part.stream.resume(); // a refused file must not block the parser
};
