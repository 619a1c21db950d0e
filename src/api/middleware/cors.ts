import koaCors from '@koa/cors';
import type { Middleware } from 'koa';
import type { Config } from '../../config';

const DEVELOPMENT_ORIGINS = ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://localhost:5173'];

/**
 * Origins that may call this API from a browser; the same list holds for Socket.IO.
 * @throws Error in production when the list is empty or holds `*`
 */
export function corsOrigins(config: Config): string[] {
  const listed = (config.CORS_ORIGINS ?? '')
    .split(',')
    .map((origin) => origin.trim().replace(/\/$/, ''))
    .filter(Boolean);
  if (config.NODE_ENV === 'production' && (listed.length === 0 || listed.includes('*'))) {
    throw new Error('Configuration: set CORS_ORIGINS to the exact origins that may use the API (required in production, no *)');
  }
  return listed.length > 0 ? listed : DEVELOPMENT_ORIGINS;
}

export function cors(config: Config): Middleware {
  const origins = new Set(corsOrigins(config));
  return koaCors({
    origin: (ctx) => (origins.has(ctx.get('Origin')) || (origins.has('*') && ctx.get('Origin')) ? ctx.get('Origin') : ''),
    allowMethods: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'],
    allowHeaders: ['Content-Type', 'Authorization', 'Accept', 'Origin', 'X-Requested-With', 'X-Request-Id'],
    exposeHeaders: ['Content-Disposition', 'Content-Length', 'ETag', 'Retry-After', 'X-Request-Id'],
    maxAge: 3600,
  });
}
