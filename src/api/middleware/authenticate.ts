import { ApiError } from '../errors';
import { clientAddressReader } from '../http/clientAddress';
import type { RateLimiter } from '../limits';
import type { Guard, Services } from '../types';
import { RATE_LIMITS } from './rateLimit';

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;

/** Authorization: Bearer <Supabase access JWT>, and nothing else. Failures count against the caller's address. */
export function authenticate({ config, store, verifyToken }: Services, limiter: RateLimiter): Guard {
  const addressOf = clientAddressReader(config.TRUSTED_PROXIES);

  return async (ctx, next) => {
    try {
      const token = bearerToken(ctx.get('Authorization'));
      const { userId } = await verifyToken(token);
      ctx.state.user = { id: userId, token };
    } catch (error) {
      const failed = error instanceof ApiError && error.status === 401;
      if (failed) await limiter.take(`anonymous:${addressOf(ctx.req)}`, RATE_LIMITS.anonymous(config));
      throw error;
    }
    ctx.state.log = ctx.state.log.child({ userId: ctx.state.user.id });
    ctx.state.mine = store.forUser(ctx.state.user.token);
    await next(); // outside the try: a failure inside a handler never becomes a 401
  };
}

/** @throws MISSING_AUTHORIZATION, INVALID_TOKEN */
export function bearerToken(header: string): string {
  if (header.trim() === '') throw new ApiError('MISSING_AUTHORIZATION');
  const token = BEARER.exec(header.trim())?.[1];
  if (token === undefined) throw new ApiError('INVALID_TOKEN');
  return token;
}
