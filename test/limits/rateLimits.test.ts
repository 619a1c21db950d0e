/** Limits that hold for all API processes together: two of them on one database, and one whose database does not answer. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { createApp } from '../../src/api/app';
import { ApiError } from '../../src/api/errors';
import { createPostgresBuckets, SharedBuckets } from '../../src/api/limits';
import { createLogger } from '../../src/log';
import { createStore } from '../../src/store';
import { createWorkflows } from '../../src/temporal';
import { testConfig } from '../realtime/client';
import { endpoints, serviceClient } from '../support';

const log = createLogger('test', 'silent');
const USER = randomUUID();
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** An API process as server.ts makes it, but for the port and the token it accepts. @returns its address */
async function startProcess(limits: Record<string, string>, databaseUrl = endpoints().databaseUrl): Promise<string> {
  const config = testConfig(limits);
  const store = createStore(config);
  const workflows = createWorkflows(config, store, log);
  const buckets = createPostgresBuckets(databaseUrl, log);
  const verifyToken = (token: string) =>
    token === USER ? Promise.resolve({ userId: USER, expiresAt: Infinity }) : Promise.reject(new ApiError('INVALID_TOKEN'));
  const services = { config, log, store, workflows, emit: () => Promise.resolve(), verifyToken };
  const handle = createApp(services, new SharedBuckets(buckets, log)).callback();
  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await Promise.allSettled([buckets.close(), workflows.client.connection.close()]);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/training`;
}

/** Statuses of `count` requests at once to each address; their session id is refused right behind the limit. */
async function statuses(addresses: readonly string[], count: number, path: string, token: string = USER): Promise<number[]> {
  const requests = addresses.flatMap((address) =>
    Array.from({ length: count }, () => fetch(address + path, { headers: { Authorization: `Bearer ${token}` } })),
  );
  return (await Promise.all(requests)).map(({ status }) => status);
}
const passedOf = (all: readonly number[]): number => all.filter((status) => status !== 429).length;

describe('two API processes', () => {
  it("let a user's requests pass up to one limit, not two", async () => {
    const limits = { RATE_LIMIT_HEAVY: '10' };
    const processes = await Promise.all([startProcess(limits), startProcess(limits)]);
    const begin = Date.now();
    const all = await statuses(processes, 15, '/download-model-h5/none');
    const refilled = Math.floor((Date.now() - begin) / 6_000); // one token in 6 s
    expect(new Set(all)).toEqual(new Set([400, 429]));
    expect(passedOf(all)).toBeGreaterThanOrEqual(10);
    expect(passedOf(all)).toBeLessThanOrEqual(10 + refilled);
  });

  it('count failed authentications of an address together', async () => {
    const limits = { RATE_LIMIT_ANONYMOUS: '4' };
    const processes = await Promise.all([startProcess(limits), startProcess(limits)]);
    await serviceClient().from('rate_limits').delete().eq('key', 'anonymous:127.0.0.1'); // what the suite's other tests have left
    const begin = Date.now();
    const all = await statuses(processes, 6, '/list-sessions', 'bad');
    const refilled = Math.floor((Date.now() - begin) / 15_000);
    expect(passedOf(all)).toBeGreaterThanOrEqual(4);
    expect(passedOf(all)).toBeLessThanOrEqual(4 + refilled);
  });
});

describe('an API process whose limits have no store', () => {
  it('limits alone, and fails no request', async () => {
    const alone = await startProcess({ RATE_LIMIT_READ: '20' }, 'postgres://127.0.0.1:9/none');
    const all = await statuses([alone], 30, '/csv-files/none');
    expect(all.filter((status) => status >= 500)).toEqual([]);
    expect(new Set(all)).toEqual(new Set([400, 429]));
  });
});

describe('the table of the limits', () => {
  it('gives k tokens to k + m requests at once, and then as many as the time has brought', async () => {
    const take = async (wanted: number): Promise<number> => {
      const { data, error } = await serviceClient().rpc('take_tokens', { p_key: key, p_per_minute: 60, p_wanted: wanted });
      if (error) throw error;
      return (data as { granted: number }[])[0]?.granted ?? NaN;
    };
    const key = `read:${randomUUID()}`;
    const begin = Date.now();
    const granted = await Promise.all(Array.from({ length: 25 }, () => take(3)));
    const total = granted.reduce((sum, count) => sum + count);
    const seconds = (Date.now() - begin) / 1000;
    expect(total).toBeGreaterThanOrEqual(60);
    expect(total).toBeLessThanOrEqual(60 + Math.ceil(seconds));
  });
});
