/** The service's own transfers, which the embedded server carries out itself (src/stack/supabase/storage/serviceObjects.ts). */
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { serviceClient, signUpUser, target } from '../../support';
import type { TestUser } from '../../support';
import { withContractSchema } from './schema';

const KIB = 1024;

describe('objects with the service key', () => {
  withContractSchema();
  const { url, serviceRoleKey, publishableKey } = target().supabase;
  const bytes = randomBytes(3000 * KIB);
  let owner: TestUser;
  let key: string;
  beforeAll(async () => {
    owner = await signUpUser();
    key = `${owner.id}/s/ü b.bin`;
  });

  const at = (name: string, bucket = 'contract') =>
    `${url}/storage/v1/object/${bucket}/${name.split('/').map(encodeURIComponent).join('/')}`;
  const ask = (address: string, { headers, ...given }: RequestInit = {}, token = serviceRoleKey) =>
    fetch(address, { ...given, headers: { apikey: token, authorization: `Bearer ${token}`, ...(headers as Record<string, string>) } });
  const upload = (name: string, body: Buffer | string, headers: Record<string, string> = {}) =>
    ask(at(name), { method: 'POST', body, headers: { 'content-type': 'application/octet-stream', ...headers } });

  it('are what everybody else sees, under row level security', async () => {
    expect(await (await upload(key, bytes)).json()).toMatchObject({ Key: `contract/${key}` });
    const seen = await owner.client.storage.from('contract').download(key);
    expect(Buffer.from(await (seen.data as Blob).arrayBuffer()).equals(bytes)).toBe(true);
    expect((await owner.client.storage.from('contract').info(key)).data).toMatchObject({ size: bytes.length });
    await owner.client.storage.from('contract').upload(`${owner.id}/s/own.txt`, 'mine', { contentType: 'text/plain' });
    const own = await ask(at(`${owner.id}/s/own.txt`));
    expect([await own.text(), own.headers.get('content-type')]).toEqual(['mine', 'text/plain']);
  });

  it('are read whole, in part and as a head, and their tag changes with their content', async () => {
    await upload(key, bytes, { 'x-upsert': 'true' });
    const whole = await ask(at(key));
    expect([whole.status, whole.headers.get('content-length'), whole.headers.get('accept-ranges')]).toEqual([
      200,
      `${bytes.length}`,
      'bytes',
    ]);
    expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
    const part = await ask(at(key), { headers: { range: 'bytes=5-9' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 5-9/${bytes.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(5, 10))).toBe(true);
    const head = await ask(at(key), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, `${bytes.length}`, '']);
    await upload(key, 'other', { 'x-upsert': 'true' });
    const changed = await ask(at(key));
    expect(await changed.text()).toBe('other');
    expect(changed.headers.get('etag')).not.toBe(whole.headers.get('etag'));
  });

  it('are empty if nothing is sent', async () => {
    expect((await upload(`${owner.id}/s/empty`, '')).status).toBe(200);
    const empty = await ask(at(`${owner.id}/s/empty`));
    expect([empty.status, await empty.text()]).toEqual([200, '']);
  });

  it('are refused with the statuses of the Storage API, over a connection that goes on', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const post = (address: string, headers: Record<string, string>): Promise<[number | undefined, string]> =>
      new Promise((resolve, reject) => {
        const type = { 'content-type': 'application/octet-stream', 'content-length': String(bytes.length) };
        const request = http.request(
          address,
          { method: 'POST', agent, headers: { authorization: `Bearer ${serviceRoleKey}`, ...type, ...headers } },
          (answer) => {
            let text = '';
            answer.on('data', (data: Buffer) => (text += data.toString()));
            answer.on('end', () => resolve([answer.statusCode, (JSON.parse(text) as { statusCode: string }).statusCode]));
          },
        );
        request.on('error', reject).end(bytes);
      });
    await upload(key, bytes, { 'x-upsert': 'true' });
    expect(await post(at(key), {})).toEqual([409, '409']);
    expect(await post(at('x', 'no-such-bucket'), {})).toEqual([404, '404']);
    expect(await post(at('x', 'models'), { 'content-type': 'text/html' })).toEqual([415, '415']);
    expect((await ask(at(`${owner.id}/none`))).status).toBe(404);
    expect((await ask(at('x', 'no-such-bucket'))).status).toBe(404);
    agent.destroy();
  });

  it('leave nothing when their sender breaks off', async () => {
    const name = `${owner.id}/s/broken`;
    await new Promise<void>((resolve) => {
      const headers = { authorization: `Bearer ${serviceRoleKey}`, 'content-type': 'application/octet-stream' };
      const request = http.request(at(name), { method: 'POST', headers });
      request.on('error', () => undefined).on('close', resolve);
      request.write(bytes, () => request.destroy());
    });
    expect((await ask(at(name))).status).toBe(404);
    expect((await upload(name, 'whole')).status).toBe(200); // nothing stands in the way either
  });

  it('are removed together, and only those named', async () => {
    const names = ['r1', 'r2', 'r3'].map((name) => `${owner.id}/r/${name}`);
    for (const name of names) await upload(name, name);
    const { data } = await serviceClient()
      .storage.from('contract')
      .remove([...names.slice(0, 2), `${owner.id}/r/none`]);
    expect(data?.map(({ name }) => name).sort()).toEqual(names.slice(0, 2));
    expect(await Promise.all(names.map(async (name) => (await ask(at(name))).status))).toEqual([404, 404, 200]);
    const refused = await ask(`${url}/storage/v1/object/contract`, { method: 'DELETE', body: '{}' });
    expect(refused.status).toBe(400);
  });

  it('are not for other keys, and names that climb are refused', async () => {
    await upload(key, bytes, { 'x-upsert': 'true' });
    const forged = `${serviceRoleKey.slice(0, -1)}${serviceRoleKey.endsWith('x') ? 'y' : 'x'}`;
    for (const token of [publishableKey, forged, '']) {
      expect((await ask(at(key), {}, token)).ok).toBe(false);
      expect((await ask(at(`${owner.id}/s/evil`), { method: 'POST', body: 'x' }, token)).ok).toBe(false);
      expect(
        (await ask(`${url}/storage/v1/object/contract`, { method: 'DELETE', body: JSON.stringify({ prefixes: [key] }) }, token)).ok,
      ).toBe(false);
    }
    expect((await ask(at(key), { method: 'HEAD' })).status).toBe(200);
    for (const name of ['a%2F..%2Fb', '%2e%2e%2Fb']) {
      const answer = await ask(`${url}/storage/v1/object/contract/${name}`, { method: 'POST', body: 'x' });
      expect([name, answer.ok]).toEqual([name, false]);
    }
  });
});
