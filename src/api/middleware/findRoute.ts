import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors';
import type { ApiRouter, Guard } from '../types';

// of the request line and of a single header (http-api A.8)
const MAX_LINE_BYTES = 16 * 1024;

/** First gate: unknown path 404, known path with another method 405 with `Allow`, before anyone is asked for a token. */
export function findRoute(routers: readonly ApiRouter[]): Guard {
  return async (ctx, next) => {
    refuseLongLines(ctx.req.url ?? '', ctx.req.rawHeaders);
    refuseMissingHost(ctx.req);
    const matches = routers.map((router) => router.match(ctx.path, ctx.method));
    const matched = matches.find((match) => match.route)?.pathAndMethod.at(-1);
    if (matched) {
      // known before the route runs: refusals of the next gates echo the id that was sent
      ctx.params = matched.params(ctx.path, matched.captures(ctx.path));
      ctx.state.route = `${ctx.method === 'HEAD' ? 'GET' : ctx.method} ${String(matched.path)}`;
      await next();
      return;
    }
    const allowed = new Set(matches.flatMap((match) => match.path).flatMap((layer) => layer.methods));
    if (allowed.size === 0) throw new ApiError('NOT_FOUND');
    const allow = [...allowed, 'OPTIONS'].join(', ');
    if (ctx.method !== 'OPTIONS') throw new ApiError('METHOD_NOT_ALLOWED', { headers: { Allow: allow } });
    ctx.set('Allow', allow);
    ctx.status = 204;
  };
}

/** Node limits all headers together only (server.ts); here the single line counts. */
function refuseLongLines(url: string, headers: readonly string[]): void {
  const tooLong = url.length > MAX_LINE_BYTES || headers.some((text) => text.length > MAX_LINE_BYTES);
  if (tooLong) throw new ApiError('HEADERS_TOO_LARGE');
}

/** RFC 9112, 3.2; HTTP/1.0 has no such header. */
function refuseMissingHost({ headers, httpVersion }: IncomingMessage): void {
  if (headers.host === undefined && httpVersion === '1.1') throw new ApiError('BAD_REQUEST', { error: 'The request is not valid HTTP' });
}
