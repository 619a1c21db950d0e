import type { Guard } from '../types';

/** One line per request when its connection is done with it: ids, sizes, timings and codes, never a query, token or body. */
export function accessLog(): Guard {
  return async (ctx, next) => {
    const begin = performance.now();
    ctx.res.once('close', () => {
      const { log, route } = ctx.state; // its log names user and session
      const line = {
        method: ctx.method,
        route: route ?? 'none',
        status: ctx.status,
        ms: Math.round(performance.now() - begin),
        ...(ctx.res.writableFinished ? {} : { aborted: true }),
      };
      if (route?.startsWith('GET /health') || route?.startsWith('GET /ready')) log.debug(line, 'request');
      else log.info(line, 'request');
    });
    await next();
  };
}
