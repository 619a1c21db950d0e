/** The limits a deployment has when it sets none (http-api A.10), counted over HTTP with a clock that stands still. */
import { TokenBuckets } from '../../../src/api/limits';
import { startEdge } from './support';
import type { Edge } from './support';

const AT_ONCE = 20;
const users = new Map<string, string>();
let edge: Edge;
let base: string;

beforeAll(async () => {
  edge = await startEdge({
    users,
    limiter: new TokenBuckets(() => 0),
    // users without a plan: refused behind the limit, before anything is read
    store: (real) => ({ ...real, forUser: (jwt) => ({ ...real.forUser(jwt), plan: () => Promise.resolve(null) }) }),
  });
  base = `${edge.address}/api/training`;
});
afterAll(() => edge.close());

/** Sends one request more than the limit, and says how many were not answered 429. */
async function passed(limit: number, method: string, path: string, token: string): Promise<number> {
  let count = 0;
  for (let sent = 0; sent <= limit; sent += AT_ONCE) {
    const statuses = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, limit + 1 - sent) }, async () => {
        const answer = await fetch(base + path, { method, headers: { Authorization: `Bearer ${token}` } });
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
    count += statuses.filter((status) => status !== 429).length;
  }
  return count;
}

describe('the default limits per minute', () => {
  // requests that are refused right behind the limit, for their session id or for want of a plan
  it.each([
    ['upload', 600, 'POST', '/upload-chunk'],
    ['poll', 300, 'GET', '/status/none'],
    ['poll', 300, 'GET', '/session-status/none'],
    ['read', 240, 'GET', '/csv-files/none'],
    ['write', 120, 'POST', '/cancel-training/none'],
    ['heavy', 30, 'GET', '/download-model-h5/none'],
    ['heavy', 30, 'GET', '/results/none?include=arrays'],
    ['heavy', 30, 'POST', '/train-models/none'],
  ])(
    '%s: %i for %s %s',
    async (_bucket, limit, method, path) => {
      const token = `token-${path.replace(/\W/g, '-')}`;
      users.set(token, path); // a user of its own each
      expect(await passed(limit, method, path, token)).toBe(limit);
    },
    60_000,
  );

  it('anonymous: 60 failed authentications per address, also when a user there is well', async () => {
    users.set('good', 'someone');
    expect(await passed(60, 'GET', '/list-sessions', 'bad')).toBe(60);
    const refused = await fetch(`${base}/list-sessions`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toEqual({ success: false, code: 'RATE_LIMITED', error: 'Too many requests', retry_after: 1 });
    expect((await fetch(`${base}/csv-files/none`, { headers: { Authorization: 'Bearer good' } })).status).toBe(400);
  });

  it('take the address from a proxy only when it is trusted', async () => {
    const other = { headers: { 'X-Forwarded-For': '198.51.100.7' } };
    expect((await fetch(`${base}/list-sessions`, other)).status).toBe(429); // the header of anyone changes nothing
    const behindProxy = await startEdge({
      limiter: new TokenBuckets(() => 0),
      env: { TRUSTED_PROXIES: '127.0.0.0/8', RATE_LIMIT_ANONYMOUS: '1' },
    });
    const statusFor = async (chain: string): Promise<number> =>
      (await fetch(`${behindProxy.address}/api/training/list-sessions`, { headers: { 'X-Forwarded-For': chain } })).status;
    // the last address that is no proxy counts: what a caller writes in front of it does not
    const statuses = [await statusFor('198.51.100.7'), await statusFor('1.2.3.4, 198.51.100.7'), await statusFor('198.51.100.8')];
    await behindProxy.close();
    expect(statuses).toEqual([401, 429, 401]);
  });
});
