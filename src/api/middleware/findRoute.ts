import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors';
import { hasLongLine } from '../http/longLines';
import type { ApiRouter, Guard } from '../types';

/** First gate: unknown path 404, known path with another method 405 with `Allow`, before anyone is asked for a token. */
export function findRoute(routers: readonly ApiRouter[]): Guard {
  return async (ctx, next) => {
    if (hasLongLine(ctx.req)) throw new ApiError('HEADERS_TOO_LARGE');
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

/** RFC 9112, 3.2; HTTP/1.0 has no such header. */
function refuseMissingHost({ headers, httpVersion }: IncomingMessage): void {
  if (headers.host === undefined && httpVersion === '1.1') throw new ApiError('BAD_REQUEST', { error: 'The request is not valid HTTP' });
}
