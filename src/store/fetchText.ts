/** A request with a text and an answer that is read whole, as `fetch` would make it, over Node's own HTTP client. */
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { transfer } from './transfer';
import type { TransferAnswer } from './transfer';

interface TextRequest {
  method: string;
  headers: Headers;
  body: string | null;
  signal: AbortSignal;
}

const unzip = promisify(gunzip);

/** Statuses whose answers have no body, which a Response refuses to be given. */
const EMPTY = new Set([204, 205, 304]);

/** @throws TypeError as fetch does when there is no whole answer; what the signal was aborted with */
export async function fetchText(url: string, { method, headers, body, signal }: TextRequest): Promise<Response> {
  try {
    const sent = { ...Object.fromEntries(headers), 'accept-encoding': 'gzip' };
    const answer = await transfer(url, { method, headers: sent, signal, ...(body !== null && { body: Buffer.from(body) }) });
    const bytes = await unpacked(answer);
    return new Response(EMPTY.has(answer.statusCode) ? null : bytes, {
      status: answer.statusCode,
      statusText: answer.statusMessage ?? '',
      headers: headersOf(answer),
    });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new TypeError('fetch failed', { cause });
  }
}

async function unpacked(answer: TransferAnswer): Promise<Buffer> {
  const bytes = await buffer(answer);
  return answer.headers['content-encoding'] === 'gzip' && bytes.length > 0 ? unzip(bytes) : bytes;
}

function headersOf({ rawHeaders }: TransferAnswer): Headers {
  const headers = new Headers();
  for (let k = 0; k + 1 < rawHeaders.length; k += 2) headers.append(rawHeaders[k] ?? '', rawHeaders[k + 1] ?? '');
  headers.delete('content-encoding'); // undone
  return headers;
}
