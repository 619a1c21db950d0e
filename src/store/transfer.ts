/**
 * Transfers of objects by Node's own HTTP client: fetch moves every block through a web stream, which takes twice the processor time
 * and, by its many small buffers, most of the garbage collector's (docs/performance.md).
 */
import http from 'node:http';
import https from 'node:https';
import { pipeline, Transform, Writable, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** Longest transfer of one object: 2 GiB at 4 MB/s. */
const LIMIT_MS = 10 * 60_000;
/** An unused connection is left before the server closes it (Node's own after 5 s): a request must not meet its end. */
const IDLE_MS = 4_000;

const BATCH_BYTES = 256 * 1024;

const options = { keepAlive: true, timeout: IDLE_MS } as const;
const plain = { request: http.request, agent: new http.Agent(options) };
const secure = { request: https.request, agent: new https.Agent(options) };

export interface TransferRequest {
  method: string;
  headers: Record<string, string>;
  body?: Readable | Uint8Array;
  /** ends it early; without one there is the limit of a transfer */
  signal?: AbortSignal;
  /** bytes of a body that is a stream; without it the stream travels in HTTP chunks */
  size?: number;
}

/** An answer whose head has come. Its body must be read or destroyed: until then it occupies a connection. */
export type TransferAnswer = http.IncomingMessage & { statusCode: number };

/** @returns the answer, whatever its status @throws Error when there is none, or when the body to send fails */
export function transfer(url: string, { method, headers, body, size, signal }: TransferRequest): Promise<TransferAnswer> {
  const { request: open, agent } = url.startsWith('https:') ? secure : plain;
  return new Promise((resolve, reject) => {
    const known = body instanceof Uint8Array ? body.length : size; // Node announces no body of a DELETE by itself
    const length = known === undefined ? {} : { 'content-length': String(known) };
    const settings = { method, headers: { ...headers, ...length }, agent, signal: signal ?? AbortSignal.timeout(LIMIT_MS) };
    const request = open(url, settings, (answer) => resolve(answer as TransferAnswer));
    // an answer that breaks off tells its reader; this is about the time before it
    request.on('error', reject);
    if (body === undefined || body instanceof Uint8Array) request.end(body);
    else if (size === undefined) pipeline([body, new Batches(), request], (error) => error && reject(error));
    else pipeline(body, new FewWrites(request), (error) => error && reject(error));
  });
}

/** Few large HTTP chunks instead of many small ones: each read at the other end takes a buffer of 64 KiB, however little there is to read. */
class Batches extends Transform {
  private waiting: Buffer[] = [];
  private size = 0;

  override _transform(block: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.waiting.push(block);
    this.size += block.length;
    if (this.size >= BATCH_BYTES) this.send();
    done();
  }

  override _flush(done: () => void): void {
    if (this.size > 0) this.send();
    done();
  }

  private send(): void {
    this.push(this.waiting.length === 1 ? this.waiting[0] : Buffer.concat(this.waiting, this.size));
    this.waiting = [];
    this.size = 0;
  }
}

/**
 * Hands what was gathered to the socket at once, without copying it: each write of its own is a system call, and wakes the process at the
 * other end.
 */
class FewWrites extends Writable {
  private waiting: Buffer[] = [];
  private size = 0;

  constructor(private readonly request: http.ClientRequest) {
    super({ highWaterMark: BATCH_BYTES });
    request.once('error', (error) => this.destroy(error));
    request.once('close', () => this.writableFinished || this.destroy(new Error('the connection was closed before all was sent')));
  }

  override _write(block: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.waiting.push(block);
    this.size += block.length;
    if (this.size >= BATCH_BYTES) this.send();
    if (this.request.writableNeedDrain) this.request.once('drain', done);
    else done();
  }

  override _final(done: () => void): void {
    this.send();
    this.request.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (error) this.request.destroy(error);
    done(error);
  }

  private send(): void {
    this.request.cork();
    for (const block of this.waiting) this.request.write(block);
    this.request.uncork();
    this.waiting = [];
    this.size = 0;
  }
}

/** The whole body, for answers known to be short. */
export const bodyText = async (answer: TransferAnswer): Promise<string> => (await buffer(answer)).toString('utf8');
