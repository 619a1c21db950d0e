/** Object storage over the Storage API with the service role. Transfers are streams; nothing is held in memory. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client, Credentials } from './clients';
import { StoreError, StoreUnavailable, storageFailure } from './errors';
import type { ObjectStore } from './interfaces';
import { bodyText, transfer } from './transfer';
import type { TransferAnswer, TransferRequest } from './transfer';

const FILE_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 500;
/** Names per removal request: the Storage API takes 1000. */
const REMOVE_BATCH = 500;
const LIST_LIMIT = 1000;

const isMissing = (error: unknown) => error instanceof StoreError && (error.status === 404 || error.status === 400);

export function createObjectStore(client: Client, { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY }: Credentials): ObjectStore {
  const headers = { apikey: SUPABASE_SERVICE_ROLE_KEY, authorization: `Bearer ${SUPABASE_SERVICE_ROLE_KEY}` };
  const url = (bucket: string, path: string) =>
    `${SUPABASE_URL.replace(/\/$/, '')}/storage/v1/object/${bucket}/${path.split('/').map(encodeURIComponent).join('/')}`;

  /** The answer, if it is a success. supabase-js hides statuses and cannot ask for a range, so objects travel without it. */
  async function request(bucket: string, path: string, given: TransferRequest): Promise<TransferAnswer> {
    let answer: TransferAnswer;
    try {
      answer = await transfer(url(bucket, path), { ...given, headers: { ...headers, ...given.headers } });
    } catch (error) {
      throw new StoreUnavailable('storage', 'no answer', { cause: error });
    }
    if (answer.statusCode < 300) return answer;
    throw storageFailure(...(await refusal(answer)));
  }

  const put: ObjectStore['put'] = async (bucket, path, body, contentType, { upsert = false, size } = {}) => {
    const answer = await request(bucket, path, {
      method: 'POST',
      headers: { 'content-type': contentType, 'x-upsert': String(upsert) },
      body,
      ...(size !== undefined && { size }),
    });
    await textOf(answer); // an unread answer would keep the connection from being used again
  };

  const get: ObjectStore['get'] = (bucket, path, range) => {
    const wanted = range ? { range: `bytes=${range.start}-${range.end ?? ''}` } : {};
    return request(bucket, path, { method: 'GET', headers: wanted });
  };

  return {
    put,
    get,

    getBuffer: (bucket, path, range) =>
      retried(async () => {
        const parts: Buffer[] = [];
        for await (const part of await get(bucket, path, range)) parts.push(part as Buffer);
        return Buffer.concat(parts);
      }),

    getFile: (bucket, path, file) => retried(async () => pipeline(await get(bucket, path), createWriteStream(file))),

    async exists(bucket, path) {
      try {
        (await request(bucket, path, { method: 'HEAD', headers: {} })).resume();
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

/** @throws StoreUnavailable when the answer breaks off: whether the object is there is then unknown */
async function textOf(answer: TransferAnswer): Promise<string> {
  try {
    return await bodyText(answer);
  } catch (error) {
    throw new StoreUnavailable('storage', 'the answer broke off', { cause: error });
  }
}

/** Message and status of a refusal: the Storage API wraps its own status (404, 409 …) into an HTTP 400. */
async function refusal(answer: TransferAnswer): Promise<[string, number]> {
  const text = await textOf(answer);
  try {
    const { statusCode, message } = JSON.parse(text) as { statusCode?: string | number; message?: string };
    return [message ?? '', answer.statusCode === 400 && Number(statusCode) >= 400 ? Number(statusCode) : answer.statusCode];
  } catch {
    return [text.slice(0, 200), answer.statusCode];
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
