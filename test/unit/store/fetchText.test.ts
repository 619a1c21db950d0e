import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { fetchText } from '../../../src/store/fetchText';

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const sent = { method: request.method, key: request.headers['apikey'], body: Buffer.concat(parts).toString() };
      switch (request.url) {
        case '/zipped':
          return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(sent)));
        case '/empty':
          return response.writeHead(204).end();
        case '/broken':
          return response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
        case '/silent':
          return undefined;
        default:
          return response.writeHead(418, { 'content-range': '0-1/2', 'set-cookie': ['a=1', 'b=2'] }).end(JSON.stringify(sent));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const ask = (path: string, { body = null as string | null, method = 'GET', signal = new AbortController().signal } = {}) =>
  fetchText(`${url}${path}`, { method, headers: new Headers({ apikey: 'k' }), body, signal });

describe('a request for a text', () => {
  it('sends method, headers and body, and gives status, headers and text of the answer', async () => {
    const answer = await ask('/', { method: 'PATCH', body: '{"ä":1}' });
    expect([answer.status, answer.ok, answer.statusText, answer.headers.get('content-range')]).toEqual([
      418,
      false,
      "I'm a Teapot",
      '0-1/2',
    ]);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await answer.json()).toEqual({ method: 'PATCH', key: 'k', body: '{"ä":1}' });
  });

  it('sends the body of a DELETE', async () => {
    expect(await (await ask('/', { method: 'DELETE', body: 'names' })).json()).toMatchObject({ method: 'DELETE', body: 'names' });
  });

  it('reads what is compressed, and what has no body', async () => {
    const zipped = await ask('/zipped', { method: 'POST', body: 'x'.repeat(100_000) });
    expect(await zipped.json()).toEqual({ method: 'POST', key: 'k', body: 'x'.repeat(100_000) });
    const empty = await ask('/empty');
    expect([empty.status, await empty.text()]).toEqual([204, '']);
    expect((await ask('/zipped', { method: 'HEAD' })).status).toBe(200);
  });

  it('fails as fetch does: nobody there, an answer that breaks off, a deadline', async () => {
    const nobody = fetchText('http://127.0.0.1:9/', {
      method: 'GET',
      headers: new Headers(),
      body: null,
      signal: new AbortController().signal,
    });
    await expect(nobody).rejects.toThrow(TypeError);
    await expect(ask('/broken')).rejects.toThrow(TypeError);
    await expect(ask('/silent', { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
