// What a shared rate limit costs a polling client: 200 users ask for /status five times a second, as fast as their limit allows. Ours takes tokens in
// handfuls, ahead of need; the peer asks PostgreSQL for every request, on the same pool. Limit: 50 ms at p99, a whole /status with everything else in it.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { startStack } = require('../dist/stack');
const { createPostgresBuckets, SharedBuckets } = require('../dist/api/limits');
const { createLogger } = require('../dist/log');

const CLIENTS = 200;
const PER_MINUTE = 300;
const SECONDS = 10;
const LIMIT_MS = 50;

export async function run(print) {
  const stateDir = mkdtempSync(path.join(os.tmpdir(), 'lastgang-bench-'));
  const stack = await startStack({ stateDir, quiet: true });
  const log = createLogger('bench', 'silent');
  const buckets = createPostgresBuckets(stack.endpoints.databaseUrl, log);
  try {
    let trips = 0;
    const counting = { take: (...request) => ((trips += 1), buckets.take(...request)) };
    const peer = { take: (key, perMinute) => counting.take(key, perMinute, 1) };
    const measured = {};
    for (const [name, limiter] of [
      ['peer', peer],
      ['ours', new SharedBuckets(counting, log)],
    ]) {
      trips = 0;
      const times = await poll(limiter, name);
      measured[name] = { p50: at(times, 0.5), p99: at(times, 0.99), requests: times.length, trips };
    }
    print({
      measure: 'rate-limit',
      unit: 'ms',
      ours: measured.ours.p99,
      peer: measured.peer.p99,
      ratio: round(measured.ours.p99 / measured.peer.p99),
      limit: LIMIT_MS,
      detail: measured,
    });
  } finally {
    await buckets.close();
    await stack.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** milliseconds each request waited for its token, in rising order */
async function poll(limiter, name) {
  const times = [];
  const client = async (user) => {
    await new Promise((resolve) => setTimeout(resolve, user * 5)); // users do not begin in the same moment
    for (let k = 0; k < SECONDS * 5; k++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const begin = performance.now();
      await limiter.take(`${name}:${user}`, PER_MINUTE);
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, user) => client(user)));
  return times.sort((a, b) => a - b);
}

const at = (sorted, share) => round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
const round = (value) => Math.round(value * 1000) / 1000;
