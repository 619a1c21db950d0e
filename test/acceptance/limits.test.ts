/** Rate limits of an API process that sets none: a deployment's defaults (http-api A.10), on the stack's shared counters. */
import { api, endpoints, signUpUser, useEndpoints } from '../support';
import { describeWith } from '../support/offers';
import { startApi } from '../support/ownApi';
import type { OwnApi } from '../support/ownApi';
import { behindToken } from './calls';
import { newSessionId } from './scenario';
import type { Answer } from './scenario';

const AT_ONCE = 20;
const ONE_EACH = Object.fromEntries(['UPLOAD', 'POLL', 'READ', 'WRITE', 'HEAVY'].map((bucket) => [`RATE_LIMIT_${bucket}`, '1']));

let own: OwnApi;
const start = async (changes: Record<string, string>): Promise<void> => {
  own = await startApi(changes);
  useEndpoints({ ...endpoints(), api: own.url });
};
afterEach(() => own.stop());

/** How many of `count` equal requests passed the limit, and at least how many seconds' worth of new tokens came meanwhile. */
async function passed(count: number, send: () => Promise<Answer>): Promise<{ passed: number; seconds: number }> {
  const begin = Date.now();
  const statuses: number[] = [];
  while (statuses.length < count) statuses.push(...(await Promise.all(Array.from({ length: AT_ONCE }, send))).map(({ status }) => status));
  return { passed: statuses.filter((status) => status !== 429).length, seconds: (Date.now() - begin) / 1000 };
}

describeWith('processes')('the default limits', () => {
  // refused right behind the limit for their session id, so that they cost little
  it.each([
    ['poll', 300, 'GET', '/status/none'],
    ['read', 240, 'GET', '/csv-files/none'],
    ['write', 120, 'POST', '/cancel-training/none'],
    ['heavy', 30, 'GET', '/download-model-h5/none'],
    ['upload', 600, 'POST', '/upload-chunk'],
  ])(
    '%s: %i a minute and user for %s %s',
    async (_, limit, method, path) => {
      await start({});
      const { token } = await signUpUser();
      const result = await passed(limit + AT_ONCE, () => api(token).raw(method, path));
      expect(result.passed).toBeGreaterThanOrEqual(limit);
      expect(result.passed).toBeLessThanOrEqual(limit + Math.ceil((result.seconds * limit) / 60));
      const refused = await api(token).raw(method, path);
      if (refused.status !== 429) return; // a token has just come
      const seconds = Number(refused.headers.get('retry-after'));
      expect(refused.body).toMatchObject({ success: false, code: 'RATE_LIMITED', error: 'Too many requests', retry_after: seconds });
      const other = await signUpUser();
      expect((await api(other.token).raw(method, path)).status).not.toBe(429);
    },
    60_000,
  );
});

describeWith('processes')('a limit of one', () => {
  it('holds for every route', async () => {
    await start(ONE_EACH);
    const { token } = await signUpUser();
    for (const { title, send } of behindToken) {
      const answers = [await send({ token }, newSessionId()), await send({ token }, newSessionId())];
      expect([title, answers.at(-1)!.status, answers.at(-1)!.body['code']]).toEqual([title, 429, 'RATE_LIMITED']);
    }
  }, 60_000);
});
