import { ApiError } from '../errors';

export const MINUTE_MS = 60_000;

export interface RateLimiter {
  /** Takes one request of the bucket `key`, which holds and refills `perMinute`. @throws RATE_LIMITED with Retry-After when none is left */
  take(key: string, perMinute: number): Promise<void>;
}

/** Seconds until a bucket with less than one token has one. */
export const secondsToWait = (tokens: number, perMinute: number): number =>
  perMinute > 0 ? Math.max(1, Math.ceil(((1 - tokens) / perMinute) * 60)) : 60;

export const rateLimited = (seconds: number): ApiError =>
  new ApiError('RATE_LIMITED', { extra: { retry_after: seconds }, headers: { 'Retry-After': String(seconds) } });
