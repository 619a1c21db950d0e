import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createStore, StoreError, StoreUnavailable } from '../../src/store';
import { BUCKETS, closeDatabase, newOwner, newSession, openStore, type Owner } from './support';

const store = openStore();
const { objects } = store;
const CHUNKS = 'upload-chunks';
let owner: Owner;
let folder: string;
let local: string;
beforeAll(async () => {
  owner = await newOwner(store);
  folder = `${owner.id}/${await newSession(owner)}`;
  local = await mkdtemp(path.join(tmpdir(), 'lastgang-objects-'));
});
afterAll(async () => {
  await rm(local, { recursive: true });
  await closeDatabase();
});

const newName = () => `${folder}/${randomUUID()}`;
const hash = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const content = randomBytes(3_000_000);
const put = async (body: Readable | Buffer = content) => {
  const name = newName();
  await objects.put(CHUNKS, name, body, 'application/octet-stream');
  return name;
};

describe('objects', () => {
  it('arrive as they were sent, from a stream of unknown length and from memory', async () => {
    const parts = Readable.from([content.subarray(0, 10), content.subarray(10, 1_000_000), content.subarray(1_000_000)]);
    for (const name of [await put(parts), await put()]) expect(hash(await objects.getBuffer(CHUNKS, name))).toBe(hash(content));
  });

  it('are read in parts', async () => {
    const name = await put();
    const read = async (range: { start: number; end?: number }) =>
      Buffer.concat(await Readable.from(await objects.get(CHUNKS, name, range)).toArray());
    expect(await read({ start: 100, end: 199 })).toEqual(content.subarray(100, 200));
    expect(await read({ start: content.length - 5 })).toEqual(content.subarray(-5));
  });

  it('travel to local files', async () => {
    const [target, name] = [path.join(local, 'target'), await put()];
    await objects.getFile(CHUNKS, name, target);
    expect(hash(await readFile(target))).toBe(hash(content));
  });

  it('are written once unless replacing is asked for', async () => {
    const name = await put();
    await expect(objects.put(CHUNKS, name, Buffer.from('other'), 'application/octet-stream')).rejects.toMatchObject({
      name: 'StoreError',
      status: 409,
    });
    await objects.put(CHUNKS, name, Buffer.from('other'), 'application/octet-stream', { upsert: true });
    expect((await objects.getBuffer(CHUNKS, name)).toString()).toBe('other');
  });

  it('leave nothing behind when their stream breaks off', async () => {
    const name = newName();
    const broken = Readable.from(
      (function* () {
        yield content;
        throw new Error('the client has gone');
      })(),
    );
    await expect(objects.put(CHUNKS, name, broken, 'application/octet-stream')).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await objects.exists(CHUNKS, name)).toBe(false);
  });

  it('are listed by folder, removed in bulk and then unknown', async () => {
    const run = newName();
    const names = ['a.bin', 'b.bin'].map((file) => `${run}/${file}`);
    for (const name of [...names, `${run}/deeper/c.bin`]) await objects.put(CHUNKS, name, Buffer.from('x'), 'application/octet-stream');
    expect(await objects.list(CHUNKS, run)).toEqual(names);
    expect(await objects.exists(CHUNKS, names[0] ?? '')).toBe(true);
    await objects.remove(CHUNKS, [...names, `${run}/never-there`]);
    expect(await objects.exists(CHUNKS, names[0] ?? '')).toBe(false);
    await expect(objects.get(CHUNKS, names[0] ?? '')).rejects.toMatchObject({ name: 'StoreError' });
  });

  it('are handed out by an absolute address that works without a key and names the download', async () => {
    const name = `${folder}/${randomUUID()}/model.json`;
    await objects.put('models', name, Buffer.from('{}'), 'application/json');
    const address = await objects.sign('models', name, 60, 'my model.json');
    const answer = await fetch(address);
    expect([answer.status, await answer.text()]).toEqual([200, '{}']);
    expect(decodeURIComponent(answer.headers.get('content-disposition') ?? '')).toContain('my model.json');
  });

  it('of a type the bucket does not take are refused', async () => {
    await expect(objects.put('models', newName(), Buffer.from('x'), 'text/html')).rejects.toBeInstanceOf(StoreError);
  });
});

describe('a store that cannot be reached', () => {
  let server: Server;
  let status = 503;
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status, { 'content-type': 'application/json' }).end('{"message":"nope"}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const at = (url: string) =>
    createStore({ ...BUCKETS, SUPABASE_URL: url, SUPABASE_ANON_KEY: 'anon', SUPABASE_SERVICE_ROLE_KEY: 'service' });
  const refusing = () => at('http://127.0.0.1:9'); // the discard port: nothing listens there
  const answering = () => at(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  it('says so for rows, functions and objects alike', async () => {
    for (const broken of [refusing(), answering()]) {
      status = 503;
      await expect(broken.service.markPublished(randomUUID())).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(broken.service.saveDataset({} as never)).rejects.toMatchObject({ name: 'StoreUnavailable', part: 'database' });
      await expect(broken.objects.exists('models', 'x')).rejects.toMatchObject({ name: 'StoreUnavailable', part: 'storage' });
      await expect(broken.objects.put('models', 'x', Buffer.from('x'), 'application/json')).rejects.toMatchObject({ part: 'storage' });
      await expect(broken.objects.remove('models', ['x'])).rejects.toMatchObject({ part: 'storage' });
      await expect(broken.ping()).rejects.toBeInstanceOf(StoreUnavailable);
    }
  });

  it('is not confused with one that refuses', async () => {
    status = 403;
    await expect(answering().service.markPublished(randomUUID())).rejects.toMatchObject({ name: 'StoreError', status: 403 });
    await expect(answering().objects.put('models', 'x', Buffer.from('x'), 'application/json')).rejects.toMatchObject({
      name: 'StoreError',
      status: 403,
    });
  });

  it('answers a ping when it is there', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });

  it('reports what PostgreSQL refuses with its code', async () => {
    await expect(
      store.service.log({
        sessionId: randomUUID(),
        runId: randomUUID(),
        job: 'training',
        seq: 1,
        level: 'INFO',
        event: 'e',
        step: 's',
        message: 'm',
        progress: {},
      }),
    ).rejects.toMatchObject({ name: 'StoreError', code: '23503' });
  });
});
