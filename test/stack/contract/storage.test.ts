import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceClient, signUpUser, supabaseClient } from '../../support';
import type { TestUser } from '../../support';
import { withContractSchema } from './schema';

const SMALL = Buffer.from('hello world');
const LARGE_BYTES = 40 * 1024 * 1024;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('object storage of the Supabase-compatible server', () => {
  withContractSchema();
  let owner: TestUser;
  let stranger: TestUser;
  let key: string;
  const mine = () => owner.client.storage.from('contract');
  const theirs = () => stranger.client.storage.from('contract');
  const all = () => serviceClient().storage;
  const textOf = async (path: string) => (await mine().download(path)).data?.text();

  beforeAll(async () => {
    [owner, stranger] = [await signUpUser(), await signUpUser()];
    key = `${owner.id}/a/b c ü.txt`;
    const { error } = await mine().upload(key, SMALL, { contentType: 'text/plain', metadata: { x: 1 } });
    if (error) throw error;
  });

  it('gives back the bytes and the content type', async () => {
    const { data } = await mine().download(key);
    expect([await data?.text(), data?.type.split(';')[0]]).toEqual(['hello world', 'text/plain']);
    expect((await mine().exists(key)).data).toBe(true);
    expect((await mine().info(key)).data).toMatchObject({ size: SMALL.length });
  });

  it('refuses to overwrite, unless asked to', async () => {
    expect((await mine().upload(key, SMALL)).error?.message).toMatch(/exists/);
    expect((await mine().upload(key, Buffer.from('v2'), { upsert: true, contentType: 'text/plain' })).error).toBeNull();
    expect(await textOf(key)).toBe('v2');
  });

  it('keeps strangers out: no upload, download, listing, signing or removal', async () => {
    expect((await theirs().upload(`${owner.id}/evil.txt`, SMALL)).error).not.toBeNull();
    expect((await theirs().download(key)).error).not.toBeNull();
    expect((await supabaseClient().storage.from('contract').download(key)).error).not.toBeNull();
    expect((await theirs().list(`${owner.id}/a`)).data).toEqual([]);
    expect((await theirs().createSignedUrl(key, 60)).error).not.toBeNull();
    expect((await theirs().remove([key])).data).toEqual([]);
    expect((await mine().exists(key)).data).toBe(true);
  });

  it('lists one folder with relative names, folders first, and searches, pages and sorts', async () => {
    const folder = `${owner.id}/l`;
    for (const name of ['z1', 'z2', 'd/one', 'd/two']) await mine().upload(`${folder}/${name}`, SMALL);
    const entries = await mine().list(folder, { sortBy: { column: 'name', order: 'asc' } });
    expect(entries.data?.map(({ name, id }) => [name, id === null])).toEqual([
      ['d', true],
      ['z1', false],
      ['z2', false],
    ]);
    expect((await mine().list(folder, { search: 'z2' })).data?.map(({ name }) => name)).toEqual(['z2']);
    expect((await mine().list(folder, { limit: 1, offset: 1 })).data?.map(({ name }) => name)).toEqual(['z1']);
    expect((await mine().list(folder, { sortBy: { column: 'name', order: 'desc' } })).data?.map(({ name }) => name)).toEqual([
      'd',
      'z2',
      'z1',
    ]);
  });

  it('moves, copies and removes objects', async () => {
    const at = (name: string) => `${owner.id}/m/${name}`;
    await mine().upload(at('one'), SMALL);
    expect((await mine().move(at('one'), at('moved'))).error).toBeNull();
    expect((await mine().copy(at('moved'), at('copied'))).error).toBeNull();
    expect([await textOf(at('moved')), await textOf(at('copied'))]).toEqual(['hello world', 'hello world']);
    expect((await mine().download(at('one'))).error).not.toBeNull();
    expect((await mine().remove([at('moved'), at('copied')])).data).toHaveLength(2);
    expect((await mine().download(at('moved'))).error).not.toBeNull();
  });

  describe('signed addresses', () => {
    const signed = async (seconds: number, options?: { download: string }) =>
      (await mine().createSignedUrl(key, seconds, options)).data?.signedUrl ?? '';

    it('serve the object without further proof, for a while', async () => {
      expect((await fetch(await signed(60))).status).toBe(200);
      const brief = await signed(1);
      await sleep(2_300);
      expect((await fetch(brief)).status).toBe(400);
    });

    it('name one object only', async () => {
      expect((await fetch((await signed(60)).replace('b%20c', 'zzz'))).status).toBeGreaterThanOrEqual(400);
    });

    it('are made for several objects at once', async () => {
      const { data } = await mine().createSignedUrls([key, `${owner.id}/none`], 60);
      expect((await fetch(data?.[0]?.signedUrl ?? '')).status).toBe(200);
      expect([data?.[1]?.signedUrl, typeof data?.[1]?.error]).toEqual([null, 'string']);
    });

    it('give the download a name, and parts of the object', async () => {
      const named = await fetch(await signed(60, { download: 'nice.txt' }));
      expect(named.headers.get('content-disposition')).toContain('nice.txt');
      const part = await fetch(await signed(60), { headers: { Range: 'bytes=0-0' } });
      expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 0-0/2', 'v']);
    });

    it('let somebody upload to one place', async () => {
      const { data } = await mine().createSignedUploadUrl(`${owner.id}/signed.txt`);
      const sent = await supabaseClient()
        .storage.from('contract')
        .uploadToSignedUrl(`${owner.id}/signed.txt`, data?.token ?? '', SMALL, { contentType: 'text/plain' });
      expect(sent.error).toBeNull();
      expect(await textOf(`${owner.id}/signed.txt`)).toBe('hello world');
    });
  });

  describe('buckets', () => {
    const name = 'contract-public';

    it('have limits, also written as text, and only the service role makes them', async () => {
      expect((await owner.client.storage.createBucket('contract-own')).error).not.toBeNull();
      expect((await all().createBucket(name, { public: true, fileSizeLimit: '1MB', allowedMimeTypes: ['text/plain'] })).error).toBeNull();
      expect((await all().listBuckets()).data?.map(({ id }) => id)).toEqual(expect.arrayContaining(['contract', name]));
      expect((await all().from(name).upload('x.zip', SMALL, { contentType: 'application/zip' })).error).not.toBeNull();
      expect(
        (
          await all()
            .from(name)
            .upload('x.txt', Buffer.alloc(2 << 20), { contentType: 'text/plain' })
        ).error,
      ).not.toBeNull();
    });

    it('serve public objects to everybody, and can be emptied and deleted', async () => {
      await all().from(name).upload('p.txt', SMALL, { contentType: 'text/plain' });
      expect(await (await fetch(all().from(name).getPublicUrl('p.txt').data.publicUrl)).text()).toBe('hello world');
      expect((await all().emptyBucket(name)).error).toBeNull();
      expect((await all().deleteBucket(name)).error).toBeNull();
    });
  });

  describe('large objects', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgang-contract-'));
    const file = path.join(folder, 'large.bin');
    const block = randomBytes(1 << 20);
    const content = Buffer.concat(Array.from({ length: LARGE_BYTES >> 20 }, () => block));
    beforeAll(() => writeFileSync(file, content));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.each([
      ['a buffer', () => content],
      ['a stream', () => createReadStream(file)],
      ['a file (multipart)', () => openAsBlob(file)],
    ])(
      'arrive whole from %s, and are read back whole at once or as a stream',
      async (_, source) => {
        const at = `large/${randomBytes(6).toString('hex')}`;
        const bucket = all().from('contract');
        const sent = await bucket.upload(at, await source(), { contentType: 'application/octet-stream', duplex: 'half' });
        expect(sent.error).toBeNull();
        const { data } = await bucket.download(at);
        expect(sha256(new Uint8Array((await data?.arrayBuffer()) ?? new ArrayBuffer(0)))).toBe(sha256(content));
        const hash = createHash('sha256');
        const { data: stream } = await bucket.download(at).asStream();
        for await (const piece of stream as unknown as AsyncIterable<Uint8Array>) hash.update(piece);
        expect(hash.digest('hex')).toBe(sha256(content));
        expect((await bucket.remove([at])).data).toHaveLength(1);
      },
      60_000,
    );

    it('keep 50 uploads and downloads at once apart', async () => {
      const bucket = all().from('contract');
      const each = <T>(use: (index: number) => Promise<T>) => Promise.all(Array.from({ length: 50 }, (_, index) => use(index)));
      const sent = await each((index) => bucket.upload(`many/${index}`, Buffer.alloc(200_000, index)));
      expect(sent.filter(({ error }) => error)).toEqual([]);
      const whole = await each(async (index) => {
        const { data } = await bucket.download(`many/${index}`);
        return Buffer.from((await data?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(Buffer.alloc(200_000, index));
      });
      expect(whole.every(Boolean)).toBe(true);
    }, 60_000);
  });
});
