/** Requests that are answered here, without lite: what they have in common. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** @returns whether a request carries this key as its token */
export function carriesToken(key: string): (headers: IncomingHttpHeaders) => boolean {
  const wanted = Buffer.from(`Bearer ${key}`);
  return ({ authorization = '' }) => {
    const given = Buffer.from(authorization);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
}

/** @param json a text */
export function respond(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(json) });
  response.end(json);
}
