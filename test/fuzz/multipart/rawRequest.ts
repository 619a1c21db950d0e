/** One HTTP request as bytes on a socket: what no HTTP client would send. */
import { connect } from 'node:net';
import type { Body } from '../../acceptance/scenario';
import { target } from '../../support';

const HANG_MS = 20_000;

/**
 * @param unfinished  less is sent than announced: the connection is then ended on this side, as by a client that goes away
 * @returns null when the server closed the connection without an answer. @throws Error when neither an answer nor an end comes
 */
export function rawRequest(bytes: Buffer, unfinished: boolean): Promise<{ status: number; body: Body } | null> {
  const { hostname, port } = new URL(target().api);
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), timeout: HANG_MS });
    socket.once('connect', () => (unfinished ? socket.end(bytes) : socket.write(bytes)));
    socket.on('data', (part) => parts.push(part));
    socket.on('timeout', () => socket.destroy(new Error('the server neither answered nor closed the connection')));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // what was answered before the server closed on unread bytes counts
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(firstAnswer(Buffer.concat(parts).toString('utf8'))));
  });
}

function firstAnswer(text: string): { status: number; body: Body } | null {
  const [, status, rest] = /^HTTP\/1\.1 (\d{3}) [\s\S]*?\r\n\r\n([\s\S]*)$/.exec(text) ?? [];
  if (status === undefined || rest === undefined) return null;
  const length = Number(/\r\nContent-Length: (\d+)/i.exec(text)?.[1]);
  return { status: Number(status), body: JSON.parse(Buffer.from(rest).subarray(0, length).toString('utf8')) as Body };
}
