import { ApiError } from '../errors';

interface Bucket {
  tokens: number;
  at: number;
}

const MINUTE_MS = 60_000;
// buckets idle for a minute are full again and need no memory
const PRUNE_EVERY_MS = MINUTE_MS;

/** Token buckets of one API process: a bucket holds one minute's worth and refills evenly. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private prunedAt: number;

  constructor(private readonly now: () => number = Date.now) {
    this.prunedAt = now();
  }

  /** Takes one token of `key`. @throws RATE_LIMITED with Retry-After when none is left */
  take(key: string, perMinute: number): void {
    const at = this.now();
    this.prune(at);
    const known = this.buckets.get(key) ?? { tokens: perMinute, at };
    const tokens = Math.min(perMinute, known.tokens + ((at - known.at) / MINUTE_MS) * perMinute);
    if (tokens < 1) {
      this.buckets.set(key, { tokens, at });
      throw refused(perMinute > 0 ? Math.ceil(((1 - tokens) / perMinute) * 60) : 60);
    }
    this.buckets.set(key, { tokens: tokens - 1, at });
  }

  private prune(at: number): void {
    if (at - this.prunedAt < PRUNE_EVERY_MS) return;
    this.prunedAt = at;
    for (const [key, bucket] of this.buckets) if (at - bucket.at >= MINUTE_MS) this.buckets.delete(key);
  }
}

const refused = (seconds: number): ApiError =>
  new ApiError('RATE_LIMITED', { extra: { retry_after: seconds }, headers: { 'Retry-After': String(seconds) } });
