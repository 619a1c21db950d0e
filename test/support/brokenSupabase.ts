/** A way to the stack's Supabase on which some requests fail: what an API process sees of an outage. */
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endpoints } from './endpoints';

export interface Refusal {
  status: number;
  body?: object;
}

export interface Proxy {
  url: string;
  stop(): Promise<void>;
}

/** @param refuse what to answer to a path in place of Supabase; undefined passes the request on */
export async function supabaseThat(refuse: (path: string) => Refusal | undefined): Promise<Proxy> {
  const server = createServer((request, response) => {
    const refusal = refuse(request.url ?? '');
    if (refusal) {
      request.resume();
      response.writeHead(refusal.status, { 'content-type': 'application/json' }).end(JSON.stringify(refusal.body ?? {}));
      return;
    }
    const onward = httpRequest(new URL(request.url ?? '/', endpoints().supabase.url), { method: request.method, headers: request.headers });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
