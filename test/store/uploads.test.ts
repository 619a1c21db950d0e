import { randomUUID } from 'node:crypto';
import {
  assembled,
  chunk,
  closeDatabase,
  givePlan,
  newOwner,
  newSession,
  openStore,
  sha256,
  sql,
  storeFile,
  usage,
  type Owner,
} from './support';

const store = openStore();
const { service } = store;
let owner: Owner;
let sessionId: string;
beforeAll(async () => {
  owner = await newOwner(store);
});
beforeEach(async () => {
  sessionId = await newSession(owner);
});
afterAll(closeDatabase);

const register = (content: string, given: Parameters<typeof chunk>[3] = {}) =>
  service.registerChunk(chunk(owner, sessionId, content, given));
const queued = async (path: string) => (await sql('select 1 from public.storage_deletions where object_path = $1', [path])).length === 1;
const refOf = ({ uploadId, generation, attempt }: { uploadId: string | null; generation: number; attempt: number }) => ({
  uploadId: uploadId ?? '',
  generation,
  attempt,
});

describe('receiving chunks', () => {
  it('counts the set of indices, whatever their order, and says when it is complete', async () => {
    expect(await register('b', { index: 1, totalChunks: 3 })).toMatchObject({
      outcome: 'stored',
      received: 1,
      missing: [0, 2],
      complete: false,
      status: 'receiving',
    });
    expect(await register('c', { index: 2, totalChunks: 3 })).toMatchObject({ received: 2, missing: [0], attempt: 0 });
    expect(await register('a', { index: 0, totalChunks: 3 })).toMatchObject({
      received: 3,
      missing: [],
      complete: true,
      status: 'assembling',
      attempt: 1,
    });
  });

  it('lets exactly one of many simultaneous chunks complete the set', async () => {
    const done = await Promise.all(Array.from({ length: 16 }, (_, index) => register(`part ${index}`, { index, totalChunks: 16 })));
    expect(done.filter(({ complete }) => complete)).toHaveLength(1);
    expect(new Set(done.map(({ uploadId }) => uploadId)).size).toBe(1);
    const [upload] = await owner.store.uploads(sessionId);
    expect(upload).toMatchObject({ received_count: 16, attempt: 1, status: 'assembling', missing: [] });
  });

  it('takes identical bytes twice for one chunk and queues the second object', async () => {
    await register('a');
    const again = chunk(owner, sessionId, 'a');
    expect(await service.registerChunk(again)).toMatchObject({ outcome: 'duplicate', received: 1 });
    expect(await queued(again.objectPath)).toBe(true);
  });

  it('keeps the object when the very same request is repeated after a lost answer', async () => {
    const first = chunk(owner, sessionId, 'a');
    await service.registerChunk(first);
    expect(await service.registerChunk(first)).toMatchObject({ outcome: 'stored', received: 1 });
    expect(await queued(first.objectPath)).toBe(false);
  });

  it('refuses other bytes for an index and keeps the stored chunk', async () => {
    const first = chunk(owner, sessionId, 'a');
    await service.registerChunk(first);
    const other = chunk(owner, sessionId, 'X');
    expect(await service.registerChunk(other)).toMatchObject({ outcome: 'chunk_conflict', received: 1 });
    expect(await queued(other.objectPath)).toBe(true);
    const [upload] = await owner.store.uploads(sessionId);
    expect(await service.chunks(upload?.id ?? '', 1)).toMatchObject([{ sha256: sha256('a'), object_path: first.objectPath }]);
  });

  it.each([
    ['another number of chunks', { totalChunks: 3 }],
    ['another hash of the file', { expectedSha256: sha256('other') }],
    ['another size of the file', { expectedSize: 3 }],
  ])('refuses %s than the upload knows', async (_what, given) => {
    await register('a', { expectedSha256: sha256('ab'), expectedSize: 2 });
    expect(await register('b', { index: 1, ...given })).toMatchObject({ outcome: 'upload_conflict', received: 1 });
  });

  it('learns hash and size of the file from any chunk', async () => {
    await register('a');
    await register('b', { index: 1, expectedSha256: sha256('ab'), expectedSize: 2 });
    expect((await owner.store.uploads(sessionId))[0]).toMatchObject({ expected_sha256: sha256('ab'), expected_size: 2, received_bytes: 2 });
  });

  it('merges the settings of all chunks, later values winning', async () => {
    await register('a', { metadata: { datenform: 'A', skalierung: 'ja' } });
    await register('b', { index: 1, metadata: { datenform: 'B' } });
    expect((await owner.store.uploads(sessionId))[0]?.file_metadata).toEqual({ datenform: 'B', skalierung: 'ja' });
  });

  it('keeps interleaved chunks of two files apart', async () => {
    const done = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        register(`${i % 2} ${i >> 1}`, { fileName: `${i % 2}.csv`, bezeichnung: `${i % 2}`, index: i >> 1, totalChunks: 4 }),
      ),
    );
    expect(new Set(done.map(({ uploadId }) => uploadId)).size).toBe(2);
    for (const upload of await owner.store.uploads(sessionId)) {
      const hashes = (await service.chunks(upload.id, 1)).map(({ sha256: hash }) => hash);
      expect(hashes).toEqual([0, 1, 2, 3].map((part) => sha256(`${upload.bezeichnung} ${part}`)));
    }
  });
});

describe('chunks that do not name their file in full', () => {
  const unnamed = { type: null, bezeichnung: null } as const;

  it('join the one open upload of that name and number of chunks', async () => {
    const first = await register('a');
    expect(await register('b', { index: 1, ...unnamed })).toMatchObject({ outcome: 'stored', uploadId: first.uploadId, complete: true });
  });

  it('open an upload that adopts type and name when a later chunk brings them', async () => {
    const first = await register('a', unnamed);
    expect(await register('b', { index: 1, type: 'output', bezeichnung: 'price' })).toMatchObject({
      uploadId: first.uploadId,
      complete: true,
    });
    expect(await owner.store.uploads(sessionId)).toMatchObject([{ file_type: 'output', bezeichnung: 'price' }]);
  });

  it('are ambiguous when several open uploads could be meant', async () => {
    await register('a', { bezeichnung: 'one' });
    await register('a', { bezeichnung: 'two' });
    const unclear = chunk(owner, sessionId, 'b', { index: 1, ...unnamed });
    expect(await service.registerChunk(unclear)).toMatchObject({ outcome: 'ambiguous', uploadId: null });
    expect(await queued(unclear.objectPath)).toBe(true);
  });

  it('open a second upload when the number of chunks is another', async () => {
    await register('a', { bezeichnung: 'one' });
    expect(await register('a', { totalChunks: 5, ...unnamed })).toMatchObject({ outcome: 'stored', received: 1, totalChunks: 5 });
  });

  it('are recognised after assembly by their bytes', async () => {
    await storeFile(store, owner, sessionId, 'load.csv', 'whole');
    expect(await register('whole', { totalChunks: 1, ...unnamed })).toMatchObject({ outcome: 'duplicate', status: 'assembled' });
    expect(await register('other', { totalChunks: 1, ...unnamed })).toMatchObject({ outcome: 'chunk_conflict' });
  });
});

describe('order of columns', () => {
  it('is the order in which uploads of a type were opened, whichever is assembled first', async () => {
    const [first, second] = [
      await register('1', { bezeichnung: 'first', totalChunks: 1 }),
      await register('2', { bezeichnung: 'second', totalChunks: 1 }),
    ];
    await service.completeUpload(refOf(second), assembled(owner, sessionId, '2', { bezeichnung: 'second' }));
    await service.completeUpload(refOf(first), assembled(owner, sessionId, '1', { bezeichnung: 'first' }));
    await storeFile(store, owner, sessionId, 'price.csv', '3', 'output');
    const files = await owner.store.files(sessionId);
    expect(files.map(({ type, bezeichnung }) => `${type} ${bezeichnung}`)).toEqual(['input first', 'input second', 'output price']);
  });

  it('puts a file whose type is changed behind the others of its new type, and its upload follows its key', async () => {
    const { file } = await storeFile(store, owner, sessionId, 'a.csv', 'a');
    await storeFile(store, owner, sessionId, 'b.csv', 'b', 'output');
    expect(await owner.store.updateFile(file.id, { type: 'output', bezeichnung: 'moved' })).toMatchObject({
      type: 'output',
      bezeichnung: 'moved',
    });
    expect((await owner.store.files(sessionId, 'output')).map(({ bezeichnung }) => bezeichnung)).toEqual(['b', 'moved']);
    expect((await owner.store.uploads(sessionId))[0]).toMatchObject({ file_type: 'output', bezeichnung: 'moved' });
  });

  it('refuses a file key that another file of the session has', async () => {
    const { file } = await storeFile(store, owner, sessionId, 'a.csv', 'a');
    await storeFile(store, owner, sessionId, 'b.csv', 'b');
    expect(await owner.store.updateFile(file.id, { file_name: 'b.csv', bezeichnung: 'b' })).toBe('duplicate');
  });
});

describe('assembling', () => {
  const complete = async (content: string) => {
    const done = await register(content, { totalChunks: 1 });
    return { ref: refOf(done), done };
  };

  it('creates the file, charges one unit, counts its bytes and queues the chunks, once', async () => {
    const user = await newOwner(store);
    const session = await newSession(user);
    const received = await service.registerChunk(chunk(user, session, 'content', { totalChunks: 1 }));
    const file = assembled(user, session, 'content', { metadata: { datenform: 'Aktueller Wert', min: '5', session_id: randomUUID() } });
    const done = await service.completeUpload(refOf(received), file);
    // statistics of the server win over the client's; keys a client may not set are ignored
    expect(done).toMatchObject({
      outcome: 'done',
      file: { id: file.fileId, session_id: session, datenform: 'Aktueller Wert', min: '0', max: '10', valid: true },
    });
    expect(await service.completeUpload(refOf(received), file)).toMatchObject({ outcome: 'already_done', file: { id: file.fileId } });
    expect(await usage(user.id)).toMatchObject({ processing: 1, training: 0, storage: 7e-9 });
    const [stored] = await service.chunks(received.uploadId ?? '', 1);
    expect(stored).toMatchObject({ object_path: null, sha256: sha256('content') });
    expect(
      await sql(`select 1 from public.storage_deletions where bucket = 'upload-chunks' and object_path like $1`, [`${user.id}/%`]),
    ).toHaveLength(1);
    await sql('delete from public.files where id = $1', [file.fileId]);
    expect((await usage(user.id)).storage).toBe(0);
  });

  it('recognises re-sent chunks after the assembly', async () => {
    const { ref } = await complete('x');
    await service.completeUpload(ref, assembled(owner, sessionId, 'x'));
    expect(await register('x', { totalChunks: 1 })).toMatchObject({ outcome: 'duplicate', status: 'assembled', attempt: 1 });
    expect(await register('y', { totalChunks: 1 })).toMatchObject({ outcome: 'chunk_conflict' });
  });

  it('keeps the chunks of a file with the wrong hash and tries again when one is replaced', async () => {
    await register('a', { expectedSha256: sha256('ab') });
    const wrong = chunk(owner, sessionId, 'X', { index: 1 });
    const first = await service.registerChunk(wrong);
    await service.failUpload(refOf(first), 'hash_mismatch', 'HASH_MISMATCH');
    expect(await register('a')).toMatchObject({ outcome: 'duplicate', status: 'hash_mismatch', attempt: 1 });
    expect(await register('b', { index: 1 })).toMatchObject({ outcome: 'replaced', status: 'assembling', attempt: 2, received: 2 });
    expect(await queued(wrong.objectPath)).toBe(true);
    // the first attempt comes too late for everything
    await service.failUpload(refOf(first), 'failed', 'LATE');
    expect(await service.completeUpload(refOf(first), assembled(owner, sessionId, 'aX'))).toMatchObject({ outcome: 'gone' });
    expect(await service.upload(first.uploadId ?? '')).toMatchObject({ status: 'assembling', error_code: null });
  });

  it('refuses other content under an existing file key', async () => {
    await storeFile(store, owner, sessionId, 'load.csv', 'old');
    await sql('delete from public.uploads where session_id = $1', [sessionId]);
    const { ref } = await complete('new');
    expect(await service.completeUpload(ref, assembled(owner, sessionId, 'new'))).toMatchObject({ outcome: 'duplicate_file' });
    expect(await owner.store.files(sessionId)).toMatchObject([{ sha256: sha256('old') }]);
    // the key has its file: nothing is missing for finalizing
    expect(await service.finalizeSession({ sessionId, timeInfo: null, zeitschritte: null, contentHash: null })).toMatchObject({
      outcome: 'finalized',
    });
  });

  it('fills a row that waited for content and keeps its id and place', async () => {
    const id = randomUUID();
    const { error } = await owner.client
      .from('files')
      .insert({ id, session_id: sessionId, file_name: 'load.csv', type: 'input', bezeichnung: 'load', datenform: 'draft' });
    expect(error).toBeNull();
    const { ref } = await complete('x');
    expect(await service.completeUpload(ref, assembled(owner, sessionId, 'x'))).toMatchObject({
      outcome: 'done',
      file: { id, datenform: 'draft', color_index: 0 },
    });
  });

  it('mints another id when the wanted one belongs to another file', async () => {
    const other = await storeFile(store, owner, await newSession(owner), 'a.csv', 'a');
    const { ref } = await complete('x');
    const done = await service.completeUpload(ref, assembled(owner, sessionId, 'x', { fileId: other.file.id }));
    expect(done.outcome).toBe('done');
    expect(done.file?.id).not.toBe(other.file.id);
  });

  it('leaves the upload failed when the quota ran out, and a re-sent chunk tries again', async () => {
    const user = await newOwner(store);
    await givePlan(user.id, { processing: 0, training: 0 });
    const session = await newSession(user);
    const first = await service.registerChunk(chunk(user, session, 'x', { totalChunks: 1 }));
    const refused = await service.completeUpload(refOf(first), assembled(user, session, 'x'));
    expect(refused).toMatchObject({ outcome: 'limit_reached', quota: { allowed: false, limit: 0, currentUsage: 0 } });
    expect(await user.store.files(session)).toEqual([]);
    await givePlan(user.id, { processing: 1, training: 0 });
    const again = await service.registerChunk(chunk(user, session, 'x', { totalChunks: 1 }));
    expect(again).toMatchObject({ outcome: 'duplicate', status: 'assembling', attempt: 2 });
    expect(await service.completeUpload(refOf(again), assembled(user, session, 'x'))).toMatchObject({ outcome: 'done' });
    expect(await usage(user.id)).toMatchObject({ processing: 1 });
  });

  it('charges the same content of the same file once, even when it was deleted between', async () => {
    const user = await newOwner(store);
    const session = await newSession(user);
    const { file } = await storeFile(store, user, session, 'a.csv', 'same');
    await sql('delete from public.files where id = $1', [file.id]);
    await storeFile(store, user, session, 'a.csv', 'same');
    expect(await usage(user.id)).toMatchObject({ processing: 1 });
  });

  it('blocks finalizing while a started file lacks chunks, naming the gaps', async () => {
    await register('b', { index: 1, totalChunks: 3 });
    const gaps = await service.finalizeSession({ sessionId, timeInfo: null, zeitschritte: null, contentHash: null });
    expect(gaps).toMatchObject({
      outcome: 'incomplete',
      uploads: [{ file_name: 'load.csv', missing: [0, 2], received_count: 1, total_chunks: 3 }],
    });
  });

  it('takes a session out of its finalized state when another upload begins', async () => {
    await service.finalizeSession({ sessionId, timeInfo: null, zeitschritte: null, contentHash: null });
    await register('a');
    expect(await owner.store.session(sessionId)).toMatchObject({ finalized: false, finalized_at: null });
  });

  it('numbers the events of an upload and renews its age', async () => {
    const { uploadId } = await register('a');
    await sql(`update public.uploads set last_activity_at = now() - interval '1 day' where id = $1`, [uploadId]);
    await service.touchUpload(uploadId ?? '');
    expect([await service.nextUploadSeq(uploadId ?? ''), await service.nextUploadSeq(uploadId ?? '')]).toEqual([1, 2]);
    expect(await service.nextReceivingSeq(uploadId ?? '')).toBe(3);
    const upload = await service.upload(uploadId ?? '');
    expect(Date.now() - Date.parse(upload?.last_activity_at ?? '')).toBeLessThan(60_000);
  });
});

describe('cancelling uploads', () => {
  const key = { fileName: 'load.csv', type: null, bezeichnung: null };

  it('leaves no number for an event about chunks that arrived before', async () => {
    const { uploadId } = await register('a');
    await owner.store.cancelUpload({ sessionId, ...key });
    expect(await service.nextReceivingSeq(uploadId ?? '')).toBeNull();
  });

  it('leaves a tombstone that refuses every chunk but the first, which begins a new generation', async () => {
    const first = chunk(owner, sessionId, 'a', { totalChunks: 3 });
    await service.registerChunk(first);
    expect(await owner.store.cancelUpload({ sessionId, ...key })).toMatchObject({
      outcome: 'cancelled',
      removedChunks: 1,
      upload: { file_name: 'load.csv', received_count: 1, status: 'receiving' },
    });
    expect(await queued(first.objectPath)).toBe(true);
    expect(await register('b', { index: 1, totalChunks: 3 })).toMatchObject({ outcome: 'gone', status: 'cancelled' });
    expect(await register('new', { index: 0, totalChunks: 2 })).toMatchObject({
      outcome: 'stored',
      generation: 2,
      received: 1,
      missing: [1],
      status: 'receiving',
    });
    expect(await owner.store.cancelUpload({ sessionId, ...key })).toMatchObject({ outcome: 'cancelled' });
    expect(await owner.store.cancelUpload({ sessionId, ...key })).toMatchObject({ outcome: 'unknown' });
  });

  it('makes an assembly under way change nothing', async () => {
    const done = await register('x', { totalChunks: 1 });
    await owner.store.cancelUpload({ sessionId, ...key });
    expect(await service.completeUpload(refOf(done), assembled(owner, sessionId, 'x'))).toMatchObject({ outcome: 'gone', file: null });
    expect(await owner.store.files(sessionId)).toEqual([]);
  });

  it('refuses a finished file and a name that means several uploads', async () => {
    await storeFile(store, owner, sessionId, 'done.csv', 'x');
    expect(await owner.store.cancelUpload({ sessionId, ...key, fileName: 'done.csv' })).toMatchObject({ outcome: 'already_assembled' });
    await register('a', { bezeichnung: 'one' });
    await register('a', { bezeichnung: 'two' });
    expect(await owner.store.cancelUpload({ sessionId, ...key })).toMatchObject({ outcome: 'ambiguous' });
    expect(await owner.store.cancelUpload({ sessionId, ...key, bezeichnung: 'two', type: 'input' })).toMatchObject({
      outcome: 'cancelled',
    });
  });

  it('clears an expired upload', async () => {
    const { uploadId } = await register('a');
    await sql(`update public.uploads set status = 'expired' where id = $1`, [uploadId]);
    expect(await owner.store.cancelUpload({ sessionId, ...key })).toEqual({ outcome: 'cancelled', removedChunks: 0, upload: null });
    expect(await register('b', { index: 1 })).toMatchObject({ outcome: 'stored' });
  });
});
