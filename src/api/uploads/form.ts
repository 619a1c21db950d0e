import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import type { BusboyFileStream, BusboyHeaders } from '@fastify/busboy';
import { ApiError } from '../errors';

// http-api A.8
const MAX_FIELD_BYTES = 1024 ** 2;
const MAX_FIELDS = 64;
// parts beyond the one wanted are skipped, so their number only bounds the work
const MAX_FILES = 16;

/** What a form holds: one part with the bytes of a file, and text parts by name. */
export interface FormShape<Name extends string> {
  file: string;
  /** the field a text part of this name stands for; null = ignored */
  field: (name: string) => Name | null;
}

export type FormFields<Name extends string> = Partial<Record<Name, string>>;

export interface FileForm<T, Name extends string> {
  fields: FormFields<Name>;
  /** null = no part of that name; its `name` is empty for a file input left empty */
  file: { value: T; name: string } | null;
}

/** Takes the bytes of the file part; `fields` holds what came before it, `name` the file name the part carries. */
export type TakeFile<T, Name extends string> = (stream: Readable, fields: Readonly<FormFields<Name>>, name: string) => Promise<T>;

/**
 * Reads a multipart form with one file while it arrives; parts may come in any order, limits hold while reading.
 * What takeFile throws ends the reading at once. @throws PAYLOAD_TOO_LARGE, BAD_REQUEST (broken form, request aborted)
 */
export function readFileForm<T, Name extends string>(
  request: IncomingMessage,
  shape: FormShape<Name>,
  maxBytes: number,
  takeFile: TakeFile<T, Name>,
): Promise<FileForm<T, Name>> {
  return new Promise((resolve, reject) => {
    const fields: FormFields<Name> = {};
    const current = new Set<BusboyFileStream>();
    let file: Promise<{ value: T; name: string }> | null = null;
    const texts: Promise<void>[] = [];
    let bytes = 0;

    // a part may lack its name, whatever busboy's types say: nobody asks for it
    const fieldOf = (name: string | undefined): Name | null => (name === undefined ? null : shape.field(name));

    const fail = (error: unknown): void => {
      request.unpipe(busboy);
      for (const stream of current) stream.destroy(error instanceof Error ? error : undefined); // whoever reads it stops
      reject(error instanceof Error ? error : new Error(String(error)));
    };

    /** An exception in a listener would end the process instead of the request. */
    const orFail =
      <Args extends unknown[]>(listen: (...args: Args) => void) =>
      (...args: Args): void => {
        try {
          listen(...args);
        } catch (error) {
          fail(error);
        }
      };

    const busboy = openForm(request);
    const onField = (name: string | undefined, value: string, nameCut: boolean, valueCut: boolean): void => {
      if (nameCut || valueCut) return fail(new ApiError('PAYLOAD_TOO_LARGE', { error: 'A form field is too large' }));
      const field = fieldOf(name);
      if (field !== null) fields[field] = value;
    };
    const onFile = (name: string | undefined, stream: BusboyFileStream, filename: string | undefined): void => {
      current.add(stream);
      stream.once('close', () => current.delete(stream));
      stream.on('error', () => undefined); // reported by the busboy or by the request
      const field = fieldOf(name);
      if (name === shape.file && file === null) {
        const partName = filename ?? '';
        file = takeFile(stream, { ...fields }, partName).then((value) => ({ value, name: partName }));
        file.catch(fail);
      } else if (field !== null) {
        // a JSON part sent as a Blob arrives as a file
        const text = readText(stream).then((value) => {
          fields[field] = value;
        });
        text.catch(fail);
        texts.push(text);
      } else {
        stream.resume();
      }
    };
    busboy.on('field', orFail(onField));
    busboy.on('file', orFail(onFile));
    busboy.on('fieldsLimit', () => fail(new ApiError('PAYLOAD_TOO_LARGE', { error: 'Too many form fields' })));
    busboy.on('error', (cause) => fail(new ApiError('BAD_REQUEST', { error: 'The form could not be read', cause })));
    busboy.on('finish', () => {
      Promise.all([file, ...texts]).then(([taken]) => resolve({ fields, file: taken }), fail);
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
      preservePath: true, // a path is refused, not cut (http-api B.2)
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
