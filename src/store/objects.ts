/** Object storage over the Storage API with the service role. Transfers are streams; nothing is held in memory. */
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { timedFetch, type Client, type Credentials } from './clients';
import { StoreError, StoreUnavailable, storageFailure } from './errors';
import type { ObjectStore } from './interfaces';

const FILE_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;
/** Names per removal request: the Storage API takes 1000. */
const REMOVE_BATCH = 500;
const LIST_LIMIT = 1000;

const isConflict = (error: unknown) => error instanceof StoreError && error.status === 409;
const isMissing = (error: unknown) => error instanceof StoreError && (error.status === 404 || error.status === 400);

export function createObjectStore(client: Client, { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY }: Credentials): ObjectStore {
  const headers = { apikey: SUPABASE_SERVICE_ROLE_KEY, authorization: `Bearer ${SUPABASE_SERVICE_ROLE_KEY}` };
  const url = (bucket: string, path: string) =>
    `${SUPABASE_URL.replace(/\/$/, '')}/storage/v1/object/${bucket}/${path.split('/').map(encodeURIComponent).join('/')}`;

  /** The answer, if it is a success. supabase-js hides statuses and cannot ask for a range, so objects travel by plain fetch. */
  async function request(bucket: string, path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await timedFetch(url(bucket, path), { ...init, headers: { ...headers, ...init.headers } });
    } catch (error) {
      throw new StoreUnavailable('storage', 'no answer', { cause: error });
    }
    if (response.ok) return response;
    throw storageFailure(...(await refusal(response)));
  }

  const put: ObjectStore['put'] = async (bucket, path, body, contentType, { upsert = false } = {}) => {
    const init: RequestInit = { method: 'POST', headers: { 'content-type': contentType, 'x-upsert': String(upsert) } };
    // the length of a stream is unknown: it is sent in HTTP chunks, and must be declared as one-way
    const content: RequestInit = body instanceof Readable ? { body: Readable.toWeb(body), duplex: 'half' } : { body };
    const response = await request(bucket, path, { ...init, ...content });
    await response.arrayBuffer(); // an unread answer would keep the connection from being used again
  };

  const get: ObjectStore['get'] = async (bucket, path, range) => {
    const wanted = range ? { range: `bytes=${range.start}-${range.end ?? ''}` } : {};
    const { body } = await request(bucket, path, { headers: wanted });
    return body ? Readable.fromWeb(body) : Readable.from([]);
  };

  return {
    put,
    get,

    putFile: (bucket, path, file, contentType) =>
      retried(async () => {
        try {
          await put(bucket, path, createReadStream(file), contentType);
        } catch (error) {
          if (!isConflict(error)) throw error;
        }
      }),

    getBuffer: (bucket, path, range) =>
      retried(async () => {
        const parts: Buffer[] = [];
        for await (const part of await get(bucket, path, range)) parts.push(part as Buffer);
        return Buffer.concat(parts);
      }),

    getFile: (bucket, path, file) => retried(async () => pipeline(await get(bucket, path), createWriteStream(file))),

    async exists(bucket, path) {
      try {
        await request(bucket, path, { method: 'HEAD' });
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },

    async list(bucket, folder) {
      const { data, error } = await client.storage.from(bucket).list(folder, { limit: LIST_LIMIT });
      if (error) throw storageFailure(error.message, statusOf(error));
      // folders have no id
      return data.filter(({ id }) => id !== null).map(({ name }) => `${folder}/${name}`);
    },

    async remove(bucket, paths) {
      for (let at = 0; at < paths.length; at += REMOVE_BATCH) {
        const { error } = await client.storage.from(bucket).remove(paths.slice(at, at + REMOVE_BATCH));
        if (error) throw storageFailure(error.message, statusOf(error));
      }
    },

    async sign(bucket, path, seconds, download) {
      const { data, error } = await client.storage.from(bucket).createSignedUrl(path, seconds, download === undefined ? {} : { download });
      if (error) throw storageFailure(error.message, statusOf(error));
      return data.signedUrl;
    },
  };
}

const statusOf = (error: { status?: number | undefined }): number => error.status ?? 0;

/** Message and status of a refusal: the Storage API wraps its own status (404, 409 …) into an HTTP 400. */
async function refusal(response: Response): Promise<[string, number]> {
  const text = await response.text();
  try {
    const { statusCode, message } = JSON.parse(text) as { statusCode?: string | number; message?: string };
    return [message ?? '', response.status === 400 && Number(statusCode) >= 400 ? Number(statusCode) : response.status];
  } catch {
    return [text.slice(0, 200), response.status];
  }
}

/** Repeats a transfer that can be begun anew, with growing pauses, as long as storage is unavailable. */
async function retried<T>(transfer: () => Promise<T>): Promise<T> {
  for (let attempt = 1, pause = FIRST_PAUSE_MS; ; attempt++, pause *= 2) {
    try {
      return await transfer();
    } catch (error) {
      if (error instanceof StoreError || attempt === FILE_ATTEMPTS) throw error;
    }
    await wait(pause);
  }
}
