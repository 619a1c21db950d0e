/** Buckets shared by several API processes: what each process asks the store, holds in hand and does without it. */
import pino from 'pino';
import { SharedBuckets, TokenBuckets } from '../../../src/api/limits';
import type { BucketStore, RateLimiter } from '../../../src/api/limits';

const log = pino({ level: 'silent' });

/** One store for all: buckets that do not refill, since the clock of these tests stands still. */
function stillStore() {
  const left = new Map<string, number>();
  const asked: number[] = [];
  const store: BucketStore = {
    take: async (key, perMinute, wanted) => {
      asked.push(wanted);
      await new Promise((resolve) => setImmediate(resolve)); // a round trip
      const tokens = left.get(key) ?? perMinute;
      const granted = Math.min(wanted, tokens);
      left.set(key, tokens - granted);
      return { granted, tokens: tokens - granted };
    },
  };
  return { store, asked };
}

/** How many of `count` requests at once pass. */
async function passing(limiter: RateLimiter, count: number, perMinute: number): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => limiter.take('poll:user', perMinute)));
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

const refusal = async (taking: Promise<void>): Promise<unknown> => taking.catch((error: unknown) => error);

describe('a limit shared by processes', () => {
  it('lets exactly its number of requests pass, however they are spread', async () => {
    const { store } = stillStore();
    const processes = [new SharedBuckets(store, log, () => 0), new SharedBuckets(store, log, () => 0)];
    const passed = await Promise.all(processes.map((limiter) => passing(limiter, 300, 300)));
    expect(passed.reduce((sum, count) => sum + count)).toBe(300);
  });

  it('asks the store once in a twentieth of a minute of requests that come one after another', async () => {
    const { store, asked } = stillStore();
    const limiter = new SharedBuckets(store, log, () => 0);
    for (let request = 0; request < 150; request += 1) await limiter.take('poll:user', 300);
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked.length).toBeLessThanOrEqual(12); // 150 / 15, the first one and the one ahead
  });

  it('fetches for all who wait in one round trip', async () => {
    const { store, asked } = stillStore();
    expect(await passing(new SharedBuckets(store, log, () => 0), 200, 300)).toBe(200);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('says when to come back, and asks no store until then', async () => {
    let now = 0;
    const { store, asked } = stillStore();
    const limiter = new SharedBuckets(store, log, () => now);
    expect(await passing(limiter, 3, 2)).toBe(2);
    const before = asked.length;
    now = 10_000;
    // the next of two tokens a minute comes 30 s after the bucket was found empty
    expect(await refusal(limiter.take('poll:user', 2))).toMatchObject({ status: 429, options: { extra: { retry_after: 20 } } });
    expect(asked.length).toBe(before);
    now = 30_000;
    await refusal(limiter.take('poll:user', 2));
    expect(asked.length).toBe(before + 1);
  });

  it('keeps users and buckets apart', async () => {
    const { store } = stillStore();
    const limiter = new SharedBuckets(store, log, () => 0);
    await limiter.take('heavy:a', 1);
    await limiter.take('heavy:b', 1);
    await limiter.take('read:a', 1);
    expect(await refusal(limiter.take('heavy:a', 1))).toMatchObject({ code: 'RATE_LIMITED' });
  });
});

describe('without the store', () => {
  it('each process limits alone, and asks again after a while', async () => {
    let now = 0;
    let asked = 0;
    const { store } = stillStore();
    const broken: BucketStore = {
      take: (...request) => {
        asked += 1;
        return now < 60_000 ? Promise.reject(new Error('connection refused')) : store.take(...request);
      },
    };
    const limiter = new SharedBuckets(broken, log, () => now);
    expect(await passing(limiter, 25, 20)).toBe(20);
    expect(asked).toBe(1);
    now = 60_000;
    expect(await passing(limiter, 25, 20)).toBe(20);
    expect(asked).toBeGreaterThan(1);
  });
});

describe('a bucket of one process', () => {
  it('refills evenly, up to a minute of requests', async () => {
    let now = 0;
    const buckets = new TokenBuckets(() => now);
    expect(await passing(buckets, 61, 60)).toBe(60);
    now = 5_000;
    expect(await passing(buckets, 10, 60)).toBe(5);
    now = 500_000;
    expect(await passing(buckets, 100, 60)).toBe(60);
  });
});
