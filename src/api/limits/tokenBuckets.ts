import { MINUTE_MS, rateLimited, secondsToWait } from './types';
import type { RateLimiter } from './types';

interface Bucket {
  tokens: number;
  at: number;
}

// buckets idle for a minute are full again and need no memory
const PRUNE_EVERY_MS = MINUTE_MS;

/** Token buckets of one API process: a bucket holds one minute's worth and refills evenly. */
export class TokenBuckets implements RateLimiter {
  private readonly buckets = new Map<string, Bucket>();
  private prunedAt: number;

  constructor(private readonly now: () => number = Date.now) {
    this.prunedAt = now();
  }

  take(key: string, perMinute: number): Promise<void> {
    const at = this.now();
    this.prune(at);
    const known = this.buckets.get(key) ?? { tokens: perMinute, at };
    const tokens = Math.min(perMinute, known.tokens + ((at - known.at) / MINUTE_MS) * perMinute);
    const taken = tokens >= 1;
    this.buckets.set(key, { tokens: taken ? tokens - 1 : tokens, at });
    return taken ? Promise.resolve() : Promise.reject(rateLimited(secondsToWait(tokens, perMinute)));
  }

  private prune(at: number): void {
    if (at - this.prunedAt < PRUNE_EVERY_MS) return;
    this.prunedAt = at;
    for (const [key, bucket] of this.buckets) if (at - bucket.at >= MINUTE_MS) this.buckets.delete(key);
  }
}
