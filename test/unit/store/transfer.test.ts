/** Bodies of objects on their way to storage: over real connections, also ones that break off. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyText, transfer } from '../../../src/store/transfer';
import { waitFor } from '../../support/waitFor';

const MIB = 1024 ** 2;

let server: Server;
let handle: (request: IncomingMessage, response: ServerResponse) => void;
beforeAll(async () => {
  server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const put = (body: Readable, size?: number) =>
  transfer(`http://127.0.0.1:${(server.address() as AddressInfo).port}/object`, {
    method: 'POST',
    headers: {},
    body,
    ...(size !== undefined && { size }),
  });

/** Bytes in pieces of all kinds of sizes; `given` counts how many were asked for. */
function pieces(bytes: Buffer, given = { bytes: 0 }): Readable {
  function* cut() {
    for (let at = 0, k = 1; at < bytes.length; k = (k * 7919) % 100_003) {
      const piece = bytes.subarray(at, (at += k));
      given.bytes += piece.length;
      yield piece;
    }
  }
  return Readable.from(cut(), { objectMode: false });
}

const endless = (): Readable => Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(MIB)));

describe.each([true, false])('a body whose size is announced: %s', (announced) => {
  const sizeOf = (size: number) => (announced ? size : undefined);

  it.each([0, 1, 65_536, 5 * MIB + 3])('arrives as it was: %d bytes', async (size) => {
    const bytes = randomBytes(size);
    const seen = new Promise<{ received: Buffer; length: string | undefined }>((resolve, reject) => {
      handle = (request, response) => {
        buffer(request).then((received) => {
          response.end('taken');
          resolve({ received, length: request.headers['content-length'] });
        }, reject);
      };
    });
    const answer = await put(pieces(bytes), sizeOf(size));
    expect([answer.statusCode, await bodyText(answer)]).toEqual([200, 'taken']);
    const { received, length } = await seen;
    expect(received.equals(bytes)).toBe(true);
    expect(length).toBe(announced || size === 0 ? String(size) : undefined);
  });

  it('is read no faster than it is taken', async () => {
    const [given, bytes] = [{ bytes: 0 }, Buffer.alloc(64 * MIB)];
    handle = (request, response) => {
      request.pause();
      setTimeout(() => {
        response.setHeader('ahead', String(given.bytes));
        request.resume().on('end', () => response.end());
      }, 300);
    };
    const answer = await put(pieces(bytes, given), sizeOf(bytes.length));
    await bodyText(answer);
    expect(Number(answer.headers['ahead'])).toBeLessThan(32 * MIB); // what the system's own buffers of the connection take
    expect(given.bytes).toBe(bytes.length);
  });

  it('is not read on when the server refuses it and closes the connection', async () => {
    handle = (_, response) => void response.writeHead(409, { connection: 'close' }).end('is there');
    const body = endless();
    // a refusal that the reset of its connection overtakes is no answer
    const status = await put(body, sizeOf(64 * MIB)).then(
      (answer) => answer.resume().statusCode,
      () => 409,
    );
    expect(status).toBe(409);
    await waitFor(() => body.destroyed);
  });

  it('fails when the server goes away', async () => {
    handle = (request) => void request.once('data', () => request.destroy());
    const body = endless();
    await expect(put(body, sizeOf(64 * MIB))).rejects.toThrow();
    await waitFor(() => body.destroyed);
  });

  it('fails of what its source fails of, and ends the request', async () => {
    const ended = new Promise<boolean>((resolve) => {
      handle = (request) => void request.resume().once('close', () => resolve(request.complete));
    });
    async function* broken() {
      yield Buffer.alloc(3 * MIB);
      await sleep(50);
      throw new Error('no more bytes');
    }
    await expect(put(Readable.from(broken()), sizeOf(4 * MIB))).rejects.toThrow('no more bytes');
    expect(await ended).toBe(false);
  });
});
