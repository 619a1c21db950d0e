import { randomUUID } from 'node:crypto';
import { closeDatabase, datasetRow, datasetStart, newOwner, newSession, openStore, sql, storeFile, stringId, type Owner } from './support';

const store = openStore();
let owner: Owner;
let stranger: Owner;
beforeAll(async () => {
  [owner, stranger] = await Promise.all([newOwner(store), newOwner(store)]);
});
afterAll(closeDatabase);

const plain = { name: null, timeInfo: null, zeitschritte: null };

describe('creating and finding sessions', () => {
  it('gives a string id a UUID of the server and finds the session by both', async () => {
    const ref = stringId();
    const made = await owner.store.createSession({ ...plain, ref });
    expect(made).toMatchObject({ owned: true, created: true });
    const found = { owned: true, sessionId: made.sessionId, stringId: ref };
    expect(await owner.store.resolveSession(ref)).toEqual(found);
    expect(await owner.store.resolveSession(made.sessionId.toUpperCase())).toEqual(found);
  });

  it('makes an unused UUID the session’s own id', async () => {
    const ref = randomUUID();
    expect(await owner.store.createSession({ ...plain, ref })).toEqual({ owned: true, sessionId: ref, created: true });
    expect(await owner.store.resolveSession(ref)).toEqual({ owned: true, sessionId: ref, stringId: null });
  });

  it('creates one session when the first calls come at the same time', async () => {
    const ref = stringId();
    const made = await Promise.all(Array.from({ length: 12 }, () => owner.store.createSession({ ...plain, ref })));
    expect(new Set(made.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    expect(
      await sql(
        'select 1 from public.sessions s join public.session_mappings m on m.uuid_session_id = s.id where m.string_session_id = $1',
        [ref],
      ),
    ).toHaveLength(1);
  });

  it('keeps stored configuration when the same session is created again without any', async () => {
    const ref = stringId();
    const timeInfo = { jahr: true, zeitzone: 'Europe/Vienna' };
    const { sessionId } = await owner.store.createSession({ ref, name: 'A', timeInfo, zeitschritte: { eingabe: '12', ausgabe: '6' } });
    await owner.store.createSession({ ref, name: null, timeInfo: {}, zeitschritte: null });
    expect(await owner.store.timeInfo(sessionId)).toMatchObject({ jahr: true, monat: false, zeitzone: 'Europe/Vienna', category_data: {} });
    expect(await owner.store.zeitschritte(sessionId)).toMatchObject({ eingabe: '12', ausgabe: '6', zeitschrittweite: null });
    expect((await owner.store.session(sessionId))?.session_name).toBe('A');
  });

  it('tells a stranger nothing but that the session is not his, and writes nothing', async () => {
    const ref = stringId();
    await owner.store.createSession({ ...plain, ref });
    const before = await sql('select * from public.sessions order by id');
    expect(await stranger.store.resolveSession(ref)).toEqual({ owned: false });
    expect(await stranger.store.createSession({ ...plain, ref, name: 'mine' })).toEqual({ owned: false, sessionId: '', created: false });
    expect(await stranger.store.resolveSession(stringId())).toBeNull();
    expect(await sql('select * from public.sessions order by id')).toEqual(before);
  });

  it('stores time steps as the draft they are but refuses impossible counts', async () => {
    const sessionId = await newSession(owner);
    const draft = { eingabe: '1,', ausgabe: '', zeitschrittweite: 'x', offset: null };
    await owner.store.saveZeitschritte(sessionId, draft);
    expect(await owner.store.zeitschritte(sessionId)).toMatchObject(draft);
    for (const count of ['5000', '5000,0', ' 1e9 ', '0', '-3', '.5', '4096.1'])
      for (const field of ['eingabe', 'ausgabe'])
        await expect(owner.store.saveZeitschritte(sessionId, { ...draft, [field]: count })).rejects.toMatchObject({
          name: 'StoreError',
          code: '23514',
        });
    for (const eingabe of ['4096', '1e2', '96,0', '1e400', '1.2.3', 'viele']) {
      await owner.store.saveZeitschritte(sessionId, { ...draft, eingabe });
      expect(await owner.store.zeitschritte(sessionId)).toMatchObject({ eingabe });
    }
  });

  it('takes configuration that comes with a chunk only while the session has none', async () => {
    const sessionId = await newSession(owner);
    const steps = (eingabe: string) => ({ eingabe, ausgabe: null, zeitschrittweite: null, offset: null });
    await owner.store.initZeitschritte(sessionId, steps('4'));
    await owner.store.initZeitschritte(sessionId, steps('5'));
    expect((await owner.store.zeitschritte(sessionId))?.eingabe).toBe('4');
  });
});

describe('listing sessions', () => {
  it('pages through all sessions, newest first, without losing or repeating one', async () => {
    const user = await newOwner(store);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await newSession(user));
    const seen: string[] = [];
    let before: { beforeTime: string | null; beforeId: string | null } = { beforeTime: null, beforeId: null };
    for (let page = 0; page < 3; page++) {
      const { rows, totalCount } = await user.store.listSessions({ limit: 2, ...before });
      expect(totalCount).toBe(5);
      seen.push(...rows.map(({ sessionUuid }) => sessionUuid));
      const last = rows.at(-1);
      before = { beforeTime: last?.createdAt ?? null, beforeId: last?.sessionUuid ?? null };
    }
    expect(seen).toEqual(ids);
  });

  it('shows files in the order of opening and counts configuration', async () => {
    const user = await newOwner(store);
    const sessionId = await newSession(user);
    await storeFile(store, user, sessionId, 'b.csv', 'b');
    await storeFile(store, user, sessionId, 'a.csv', 'a');
    await user.store.saveTimeInfo(sessionId, {
      jahr: true,
      monat: false,
      woche: false,
      tag: false,
      feiertag: false,
      zeitzone: 'UTC',
      category_data: {},
    });
    const { rows } = await user.store.listSessions({ limit: 10, beforeTime: null, beforeId: null });
    expect(rows[0]).toMatchObject({ fileCount: 2, timeInfoCount: 1, zeitschritteCount: 0, finalized: false });
    expect(rows[0]?.filesInfo.map(({ file_name }) => file_name)).toEqual(['b.csv', 'a.csv']);
  });
});

describe('finalizing', () => {
  const finalize = (sessionId: string) =>
    store.service.finalizeSession({ sessionId, timeInfo: null, zeitschritte: null, contentHash: null });

  it('counts rows of all files and repeats the time of the first call', async () => {
    const sessionId = await newSession(owner);
    await storeFile(store, owner, sessionId, 'x.csv', 'x');
    await storeFile(store, owner, sessionId, 'y.csv', 'y', 'output');
    const first = await finalize(sessionId);
    expect(first).toMatchObject({ outcome: 'finalized', nDat: 200, nDatSource: 'rows', fileCount: 2 });
    expect(await finalize(sessionId)).toEqual(first);
    expect(await owner.store.session(sessionId)).toMatchObject({ finalized: true, n_dat: 200, file_count: 2 });
  });

  it('finalizes a session without files with zeros', async () => {
    expect(await finalize(await newSession(owner))).toMatchObject({ outcome: 'finalized', nDat: 0, fileCount: 0 });
  });

  it('knows no session of that id', async () => {
    expect(await finalize(randomUUID())).toEqual({ outcome: 'not_found' });
  });

  it('answers the number of windows when the dataset for exactly these settings exists', async () => {
    const sessionId = await newSession(owner);
    await store.service.saveDataset(datasetRow(owner, sessionId, 'h1', { n_dat: 17 }));
    const done = await store.service.finalizeSession({ sessionId, timeInfo: null, zeitschritte: null, contentHash: 'h1' });
    expect(done).toMatchObject({ nDat: 17, nDatSource: 'windows' });
    const other = await store.service.finalizeSession({ sessionId, timeInfo: null, zeitschritte: null, contentHash: 'h2' });
    expect(other).toMatchObject({ nDat: 0, nDatSource: 'rows' });
  });
});

describe('deleting sessions', () => {
  it('leaves no row with the id but the charges, and queues every object', async () => {
    const sessionId = await newSession(owner);
    const { file } = await storeFile(store, owner, sessionId, 'x.csv', 'content of x');
    const checkpoint = `${owner.id}/${sessionId}/${randomUUID()}/checkpoint_3`;
    await store.objects.put('training-results', checkpoint, Buffer.from('weights'), 'application/octet-stream');
    const done = await owner.store.deleteSession(sessionId);
    expect(done).toMatchObject({ found: true, activeJob: null, counts: { sessions: 1, files: 1, session_mappings: 1 } });
    expect(done.objects).toEqual(
      expect.arrayContaining([
        { bucket: 'csv-files', path: file.storage_path },
        { bucket: 'training-results', path: checkpoint },
      ]),
    );
    await store.objects.remove('training-results', [checkpoint]);

    const tables = await sql<{ table_name: string }>(
      `select table_name from information_schema.columns where table_schema = 'public' and column_name in ('session_id', 'uuid_session_id')`,
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { table_name: table } of tables) {
      const column = table === 'session_mappings' ? 'uuid_session_id' : 'session_id';
      const rows = await sql(`select 1 from public.${table} where ${column} = $1`, [sessionId]);
      expect([table, rows.length]).toEqual([table, table === 'usage_charges' ? 1 : 0]);
    }
    expect((await owner.store.deleteSession(sessionId)).found).toBe(false);
  });

  it('refuses while a job is active, alone and together with others', async () => {
    const user = await newOwner(store);
    const [busy, idle] = [await newSession(user), await newSession(user)];
    const start = datasetStart(user, busy);
    await store.service.beginJob(start);
    const active = { job: 'dataset', status: 'queued', workflow_id: `datasets-${busy}` };
    expect(await user.store.deleteSession(busy)).toMatchObject({ found: true, activeJob: active });
    expect(await user.store.deleteAllSessions()).toMatchObject({ activeJob: active });
    expect(await user.store.session(idle)).not.toBeNull();
    await store.service.finishJob(start.job.runId, 'cancelled', { event: {}, message: 'cancelled' });
    expect(await user.store.deleteAllSessions()).toMatchObject({ activeJob: null, counts: { sessions: 2 } });
    expect((await user.store.deleteAllSessions()).counts['sessions']).toBe(0);
  });

  it('does not delete a stranger’s session', async () => {
    const sessionId = await newSession(owner);
    expect((await stranger.store.deleteSession(sessionId)).found).toBe(false);
    expect(await owner.store.session(sessionId)).not.toBeNull();
  });

  it('empties everything below a user whose account is deleted, and queues his objects', async () => {
    const user = await newOwner(store);
    const sessionId = await newSession(user);
    const { file } = await storeFile(store, user, sessionId, 'x.csv', 'bytes');
    await sql('delete from auth.users where id = $1', [user.id]);
    expect(await sql('select 1 from public.sessions where id = $1', [sessionId])).toEqual([]);
    expect(await sql('select object_path from public.storage_deletions where object_path = $1', [file.storage_path])).toHaveLength(1);
  });
});
