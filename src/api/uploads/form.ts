import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { BusboyFileStream, BusboyHeaders } from '@fastify/busboy';
import { ApiError } from '../errors';

// http-api A.8
const MAX_FIELD_BYTES = 1024 ** 2;
const MAX_FIELDS = 64;
// parts beyond the chunk are skipped, so their number only bounds the work
const MAX_FILES = 16;

const FIELDS = ['metadata', 'additionalData', 'chunkHash', 'fileHash', 'fileSize'] as const;
export type FormFields = Partial<Record<(typeof FIELDS)[number], string>>;

export interface ChunkForm<T> {
  fields: FormFields;
  /** null = no part of that name; `selected` is false for a file input left empty */
  chunk: { value: T; selected: boolean } | null;
}

/** Takes the bytes of the file part; `fields` holds what came before it. */
export type TakeChunk<T> = (stream: Readable, fields: Readonly<FormFields>) => Promise<T>;

/**
 * Reads the multipart form of upload-chunk while it arrives; parts may come in any order, limits hold while reading.
 * What takeChunk throws ends the reading at once. @throws PAYLOAD_TOO_LARGE, BAD_REQUEST (broken form, request aborted)
 */
export function readChunkForm<T>(request: IncomingMessage, maxBytes: number, takeChunk: TakeChunk<T>): Promise<ChunkForm<T>> {
  return new Promise((resolve, reject) => {
    const fields: FormFields = {};
    const current = new Set<BusboyFileStream>();
    let chunk: Promise<{ value: T; selected: boolean }> | null = null;
    const texts: Promise<void>[] = [];
    let bytes = 0;

    const fail = (error: unknown): void => {
      request.unpipe(busboy);
      for (const stream of current) stream.destroy(error instanceof Error ? error : undefined); // whoever reads it stops
      reject(error instanceof Error ? error : new Error(String(error)));
    };

    const busboy = openForm(request);
    busboy.on('field', (name, value, nameCut, valueCut) => {
      if (nameCut || valueCut) return fail(new ApiError('PAYLOAD_TOO_LARGE', { error: 'A form field is too large' }));
      if (isField(name)) fields[name] = value;
    });
    busboy.on('file', (name, stream, filename) => {
      current.add(stream);
      stream.once('close', () => current.delete(stream));
      stream.on('error', () => undefined); // reported by the busboy or by the request
      if (name === 'chunk' && chunk === null) {
        chunk = takeChunk(stream, { ...fields }).then((value) => ({ value, selected: filename !== '' }));
        chunk.catch(fail);
      } else if (isField(name)) {
        // a JSON part sent as a Blob arrives as a file
        const text = readText(stream).then((value) => {
          fields[name] = value;
        });
        text.catch(fail);
        texts.push(text);
      } else {
        stream.resume();
      }
    });
    busboy.on('fieldsLimit', () => fail(new ApiError('PAYLOAD_TOO_LARGE', { error: 'Too many form fields' })));
    busboy.on('error', (cause) => fail(new ApiError('BAD_REQUEST', { error: 'The form could not be read', cause })));
    busboy.on('finish', () => {
      Promise.all([chunk, ...texts]).then(([taken]) => resolve({ fields, chunk: taken }), fail);
    });

    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > maxBytes) fail(new ApiError('PAYLOAD_TOO_LARGE'));
    });
    request.once('close', () => {
      if (!request.complete) fail(new ApiError('BAD_REQUEST', { error: 'The request was aborted' }));
    });
    request.pipe(busboy);
  });
}

function openForm(request: IncomingMessage): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders,
      limits: { fieldSize: MAX_FIELD_BYTES, fields: MAX_FIELDS, files: MAX_FILES },
    });
  } catch (cause) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', { error: 'The content type must be multipart/form-data with a boundary', cause });
  }
}

async function readText(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_FIELD_BYTES) throw new ApiError('PAYLOAD_TOO_LARGE', { error: 'A form field is too large' });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const isField = (name: string): name is (typeof FIELDS)[number] => (FIELDS as readonly string[]).includes(name);
