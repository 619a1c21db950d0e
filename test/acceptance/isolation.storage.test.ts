/** Past the API, straight to the stored objects with the publishable key: a second user and nobody at all. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { signUpUser, supabaseClient, target } from '../support';
import { itWith } from '../support/offers';
import { ownedSession, watcherOf } from './ownedSession';
import type { OwnedSession } from './ownedSession';
import { sha256 } from './scenario';
import type { User } from './scenario';

const BUCKETS = ['csv-files', 'aus-csv-files', 'training-results', 'models', 'upload-chunks'];

interface StoredObject {
  bucket: string;
  name: string;
}

let owned: OwnedSession;
let stranger: User;
let watcher: SupabaseClient;
let objects: StoredObject[];

beforeAll(async () => {
  [owned, stranger] = await Promise.all([ownedSession(), signUpUser()]);
  watcher = watcherOf(owned.owner);
  objects = await objectsBelow(watcher, owned.owner.id);
}, 120_000);

/** All objects a client can list below a folder. */
async function objectsBelow(client: SupabaseClient, folder: string): Promise<StoredObject[]> {
  const below = async (bucket: string, path: string): Promise<StoredObject[]> => {
    const { data } = await client.storage.from(bucket).list(path, { limit: 1000 });
    const found = (data ?? []).map(({ id, name }) => {
      const full = path === '' ? name : `${path}/${name}`;
      return id === null ? below(bucket, full) : Promise.resolve([{ bucket, name: full }]);
    });
    return (await Promise.all(found)).flat();
  };
  return (await Promise.all(BUCKETS.map((bucket) => below(bucket, folder)))).flat();
}

/** Names and contents of the owner's objects. */
async function stored(): Promise<string[]> {
  const now = await objectsBelow(watcher, owned.owner.id);
  const lines = now.map(async ({ bucket, name }) => {
    const { data } = await watcher.storage.from(bucket).download(name);
    return `${bucket} ${name} ${data ? sha256(new Uint8Array(await data.arrayBuffer())) : 'unreadable'}`;
  });
  return (await Promise.all(lines)).sort();
}

const callers: [string, () => SupabaseClient][] = [
  ['a second user', () => stranger.client],
  ['nobody', () => supabaseClient()],
];
const bytes = Buffer.from('taken');

describe('the owner', () => {
  it('has objects in every bucket he may read', () => {
    expect([...new Set(objects.map(({ bucket }) => bucket))]).toEqual(expect.arrayContaining(BUCKETS.slice(0, 4)));
  });

  itWith('service role')('does not read chunks under way either', async () => {
    const chunks = objects.filter(({ bucket }) => bucket === 'upload-chunks');
    expect(chunks.length).toBeGreaterThan(0);
    for (const { bucket, name } of chunks) expect((await owned.owner.client.storage.from(bucket).download(name)).data).toBeNull();
    expect((await objectsBelow(owned.owner.client, owned.owner.id)).filter(({ bucket }) => bucket === 'upload-chunks')).toEqual([]);
  });

  it('reads his own, and writes none of them himself', async () => {
    const before = await stored();
    for (const { bucket, name } of objects.filter((object) => object.bucket !== 'upload-chunks')) {
      const storage = owned.owner.client.storage.from(bucket);
      expect([name, (await storage.download(name)).error]).toEqual([name, null]);
      await writeOver(owned.owner.client, bucket, name);
    }
    expect(await stored()).toEqual(before);
  });
});

/** Every way to change an object or to put one beside it. */
async function writeOver(client: SupabaseClient, bucket: string, name: string): Promise<void> {
  const storage = client.storage.from(bucket);
  const options = { contentType: 'application/octet-stream' };
  await storage.upload(name, bytes, { ...options, upsert: true });
  await storage.upload(`${name}.other`, bytes, options);
  await storage.update(name, bytes, options);
  await storage.move(name, `${name}.moved`);
  await storage.copy(name, `${name}.copied`);
  const { data } = await storage.createSignedUploadUrl(`${name}.signed`);
  if (data) await storage.uploadToSignedUrl(data.path, data.token, bytes);
  await storage.remove([name]);
}

describe.each(callers)('%s', (_, clientOf) => {
  let client: SupabaseClient;
  beforeAll(() => {
    client = clientOf();
  });

  it('lists nothing, from whatever folder', async () => {
    expect(await objectsBelow(client, '')).toEqual([]);
    for (const bucket of BUCKETS) {
      for (const folder of [owned.owner.id, `${owned.owner.id}/${owned.uuid}`, `${owned.owner.id}/${owned.uuid}/${owned.run}`]) {
        const { data } = await client.storage.from(bucket).list(folder, { search: '' });
        expect([bucket, folder, data ?? []]).toEqual([bucket, folder, []]);
      }
    }
  });

  it('reads nothing, directly or by a signed or public address', async () => {
    for (const { bucket, name } of objects) {
      const storage = client.storage.from(bucket);
      expect([name, (await storage.download(name)).data]).toEqual([name, null]);
      expect([name, (await storage.info(name)).data]).toEqual([name, null]);
      expect([name, (await storage.createSignedUrl(name, 60)).data?.signedUrl ?? null]).toEqual([name, null]);
      const signed = (await storage.createSignedUrls([name], 60)).data ?? [];
      expect([name, signed.filter(({ signedUrl }) => Boolean(signedUrl))]).toEqual([name, []]);
      expect([name, (await fetch(storage.getPublicUrl(name).data.publicUrl)).ok]).toEqual([name, false]);
      const plain = `${target().supabase.url}/storage/v1/object/authenticated/${bucket}/${name}`;
      expect([name, (await fetch(plain, { headers: { apikey: target().supabase.publishableKey } })).ok]).toEqual([name, false]);
    }
  });

  it('writes, moves, copies and removes nothing', async () => {
    const before = await stored();
    for (const { bucket, name } of objects) {
      await writeOver(client, bucket, name);
      const storage = client.storage.from(bucket);
      const mine = `${stranger.id}/${name.split('/').at(-1)!}`;
      await storage.copy(name, mine);
      await storage.move(name, mine);
      await storage.upload(mine, bytes, { contentType: 'application/octet-stream' });
    }
    expect(await stored()).toEqual(before);
    expect(await objectsBelow(watcher, stranger.id)).toEqual([]);
  });

  it('does nothing to the buckets', async () => {
    const before = await stored();
    for (const bucket of BUCKETS) {
      await client.storage.updateBucket(bucket, { public: true });
      await client.storage.emptyBucket(bucket);
      await client.storage.deleteBucket(bucket);
    }
    expect((await client.storage.listBuckets()).data ?? []).toEqual([]);
    expect((await client.storage.createBucket('mine', { public: true })).error).not.toBeNull();
    expect(await stored()).toEqual(before);
    for (const { bucket, name } of objects.slice(0, 3))
      expect((await fetch(client.storage.from(bucket).getPublicUrl(name).data.publicUrl)).ok).toBe(false);
  });
});
