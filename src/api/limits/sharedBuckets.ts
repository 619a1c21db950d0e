import type { Logger } from '../../log';
import { TokenBuckets } from './tokenBuckets';
import { MINUTE_MS, rateLimited, secondsToWait } from './types';
import type { RateLimiter } from './types';

/** The buckets that all API processes share. */
export interface BucketStore {
  /** Takes up to `wanted` tokens in one step. @returns how many, and what is left */
  take(key: string, perMinute: number, wanted: number): Promise<{ granted: number; tokens: number }>;
}

/** Tokens of a bucket this process holds already. */
interface Hand {
  tokens: number;
  /** requests that wait for the fetch under way, or for the next one */
  waiting: number;
  fetching: Promise<void> | null;
  /** the shared bucket was found empty: until then nobody is asked again */
  emptyUntil: number;
  usedAt: number;
}

// A twentieth of a minute's worth at a time: /status (300 a minute) asks the store once in 15 requests and never waits for it while
// requests come evenly; several processes together hold back, and can exceed after a pause, no more than that share each.
const SHARES_PER_MINUTE = 20;
// a store that failed is left alone for so long: requests do not each wait for its timeout
const RETRY_STORE_MS = 5_000;

/**
 * Rate limits that several API processes share (http-api A.10), at the price of a round trip per handful of requests.
 * Without its store it limits per process; it never fails a request.
 */
export class SharedBuckets implements RateLimiter {
  private readonly hands = new Map<string, Hand>();
  private readonly alone: TokenBuckets;
  private aloneUntil = 0;
  private prunedAt: number;

  constructor(
    private readonly store: BucketStore,
    private readonly log: Logger,
    private readonly now: () => number = Date.now,
  ) {
    this.alone = new TokenBuckets(now);
    this.prunedAt = now();
  }

  async take(key: string, perMinute: number): Promise<void> {
    if (perMinute <= 0) throw rateLimited(secondsToWait(0, perMinute));
    const hand = this.hand(key);
    while (hand.tokens < 1) {
      if (this.now() < this.aloneUntil) return this.alone.take(key, perMinute);
      if (this.now() < hand.emptyUntil) throw rateLimited(Math.ceil((hand.emptyUntil - this.now()) / 1000));
      hand.waiting += 1;
      await this.fetch(key, hand, perMinute).finally(() => (hand.waiting -= 1));
    }
    hand.tokens -= 1;
    const share = shareOf(perMinute);
    // before the hand is empty, so that the next request need not wait
    const low = share > 1 && hand.tokens <= share / 2 && hand.fetching === null;
    if (low && this.now() >= Math.max(hand.emptyUntil, this.aloneUntil)) this.fetch(key, hand, perMinute).catch(() => undefined);
  }

  /** Never rejects. Calls during a fetch wait for that one. */
  private fetch(key: string, hand: Hand, perMinute: number): Promise<void> {
    hand.fetching ??= this.fill(key, hand, perMinute).finally(() => (hand.fetching = null));
    return hand.fetching;
  }

  private async fill(key: string, hand: Hand, perMinute: number): Promise<void> {
    await Promise.resolve(); // whoever is about to wait, too, is counted
    const wanted = Math.min(perMinute, Math.max(shareOf(perMinute), hand.waiting));
    try {
      const { granted, tokens } = await this.store.take(key, perMinute, wanted);
      hand.tokens += granted;
      if (granted < wanted) hand.emptyUntil = this.now() + secondsToWait(tokens, perMinute) * 1000;
    } catch (error) {
      if (this.now() >= this.aloneUntil)
        this.log.warn({ err: error }, 'rate limits are counted per process: the shared store does not answer');
      this.aloneUntil = this.now() + RETRY_STORE_MS;
    }
  }

  private hand(key: string): Hand {
    const at = this.now();
    if (at - this.prunedAt >= MINUTE_MS) {
      this.prunedAt = at;
      // what is held of a bucket that is full again by now is given up
      for (const [name, { usedAt, waiting }] of this.hands) if (waiting === 0 && at - usedAt >= MINUTE_MS) this.hands.delete(name);
    }
    const hand = this.hands.get(key) ?? { tokens: 0, waiting: 0, fetching: null, emptyUntil: 0, usedAt: at };
    hand.usedAt = at;
    this.hands.set(key, hand);
    return hand;
  }
}

const shareOf = (perMinute: number): number => Math.max(1, Math.floor(perMinute / SHARES_PER_MINUTE));
