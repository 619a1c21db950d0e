import { randomUUID } from 'node:crypto';
import {
  chunk,
  closeDatabase,
  datasetStart,
  newOwner,
  newSession,
  openStore,
  sql,
  storeFile,
  trainingStart,
  usage,
  type Owner,
} from './support';

const store = openStore();
const { service, objects } = store;
let owner: Owner;
let sessionId: string;
beforeAll(async () => {
  owner = await newOwner(store);
});
beforeEach(async () => {
  sessionId = await newSession(owner);
});
afterAll(closeDatabase);

const age = (table: string, column: string, interval: string, id: string | null) =>
  sql(`update public.${table} set ${column} = now() - $1::interval where id = $2`, [interval, id]);
const upload = async (session = sessionId) => (await service.registerChunk(chunk(owner, session, 'a'))).uploadId ?? '';
const statusOf = async (id: string) => (await service.upload(id))?.status;
const sweepAll = async () => {
  let total = 0;
  for (;;) {
    const { expired } = await service.sweepExpiredUploads(24, 500);
    total += expired;
    if (expired === 0) return total;
  }
};

describe('expiry of unfinished uploads', () => {
  it('discards what has been idle for a day, keeps the session and its files, and queues the chunks', async () => {
    const { file } = await storeFile(store, owner, sessionId, 'kept.csv', 'kept');
    const idle = await upload();
    const [stored] = await service.chunks(idle, 1);
    await age('uploads', 'last_activity_at', '25 hours', idle);
    await sweepAll();
    expect(await statusOf(idle)).toBe('expired');
    expect(await service.chunks(idle, 1)).toEqual([]);
    expect(await sql('select 1 from public.storage_deletions where object_path = $1', [stored?.object_path])).toHaveLength(1);
    expect(await owner.store.files(sessionId)).toMatchObject([{ id: file.id }]);
  });

  it('leaves uploads younger than a day, finalized sessions and sessions with an active job alone', async () => {
    const young = await upload();
    await age('uploads', 'last_activity_at', '23 hours 59 minutes', young);

    const finalized = await newSession(owner);
    const inFinalized = await upload(finalized);
    await age('uploads', 'last_activity_at', '90 days', inFinalized);
    await sql(
      `update public.sessions set finalized = true, created_at = now() - interval '90 days', updated_at = now() - interval '90 days' where id = $1`,
      [finalized],
    );

    const busy = await newSession(owner);
    const inBusy = await upload(busy);
    await age('uploads', 'last_activity_at', '90 days', inBusy);
    const start = datasetStart(owner, busy);
    await service.beginJob(start);

    await sweepAll();
    expect(await Promise.all([young, inFinalized, inBusy].map(statusOf))).toEqual(['receiving', 'receiving', 'receiving']);
    await service.finishJob(start.job.runId, 'cancelled', { event: {}, message: '' });
  });

  it('removes tombstones after a week', async () => {
    const [old, recent] = [
      await upload(),
      (await service.registerChunk(chunk(owner, sessionId, 'b', { bezeichnung: 'second' }))).uploadId ?? '',
    ];
    await sql(`update public.uploads set status = 'cancelled' where id = any ($1)`, [[old, recent]]);
    await age('uploads', 'last_activity_at', '8 days', old);
    await age('uploads', 'last_activity_at', '6 days', recent);
    expect((await service.sweepExpiredUploads(24, 500)).tombstonesRemoved).toBeGreaterThanOrEqual(1);
    expect(await Promise.all([old, recent].map(statusOf))).toEqual([undefined, 'cancelled']);
  });
});

const takeAll = async () => {
  const taken = [];
  for (let some = await service.takeDeletions(500); some.length > 0; some = await service.takeDeletions(500)) taken.push(...some);
  return taken;
};

describe('the queue of deletions', () => {
  const queue = async (path = `${owner.id}/${sessionId}/${randomUUID()}`) => {
    await service.queueDeletions([{ bucket: 'upload-chunks', path, userId: owner.id }]);
    const [row] = await sql<{ id: string }>('select id from public.storage_deletions where object_path = $1', [path]);
    return { path, id: Number(row?.id) };
  };

  it('lends an object to one worker at a time', async () => {
    const { path } = await queue();
    const [one, two] = await Promise.all([takeAll(), takeAll()]);
    expect([...one, ...two].filter(({ object_path }) => object_path === path)).toMatchObject([{ bucket: 'upload-chunks', attempts: 0 }]);
    expect((await takeAll()).some(({ object_path }) => object_path === path)).toBe(false);
  });

  it('forgets what is done and tries again later what failed, at most twenty times', async () => {
    const [done, failing] = [await queue(), await queue()];
    await service.deletionsDone([done.id]);
    expect(await sql('select 1 from public.storage_deletions where id = $1', [done.id])).toEqual([]);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 20; attempt++) {
      await service.deletionsFailed([failing.id]);
      const [row] = await sql<{ minutes: number }>(
        'select round(extract(epoch from not_before - now()) / 60)::int as minutes from public.storage_deletions where id = $1',
        [failing.id],
      );
      waits.push(row?.minutes ?? 0);
    }
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8]);
    expect(Math.max(...waits)).toBe(360);
    await sql(`update public.storage_deletions set not_before = now() - interval '1 hour' where id = $1`, [failing.id]);
    expect((await takeAll()).some(({ id }) => id === failing.id)).toBe(false);
  });

  it('never gives away an object that a row names', async () => {
    const { file } = await storeFile(store, owner, sessionId, 'a.csv', 'a');
    await service.queueDeletions([{ bucket: 'csv-files', path: file.storage_path ?? '', userId: owner.id }]);
    expect((await takeAll()).some(({ object_path }) => object_path === file.storage_path)).toBe(false);
    expect(await sql('select 1 from public.storage_deletions where object_path = $1', [file.storage_path])).toEqual([]);
  });
});

describe('objects without a row', () => {
  const put = async (path: string, hours = 0) => {
    await objects.put('training-results', path, Buffer.from('x'), 'application/octet-stream');
    await sql(`update storage.objects set created_at = now() - $1 * interval '1 hour' where name = $2`, [hours, path]);
    return path;
  };
  const orphans = async () => new Set(await service.orphanObjects('training-results', 24, 10_000));
  const made: string[] = [];
  afterEach(async () => {
    await objects.remove('training-results', made.splice(0));
  });

  it('are found after a day, never before, and never when a row names them', async () => {
    const folder = `${owner.id}/${sessionId}/${randomUUID()}`;
    const [old, young, named] = [
      await put(`${folder}/old.npz`, 25),
      await put(`${folder}/young.npz`, 23),
      await put(`${folder}/named.json.gz`, 90 * 24),
    ];
    made.push(old, young, named);
    await sql(`insert into public.training_results (session_id, run_id, status, results_file_path) values ($1, $2, 'completed', $3)`, [
      sessionId,
      randomUUID(),
      named,
    ]);
    const found = await orphans();
    expect([old, young, named].map((path) => found.has(path))).toEqual([true, false, false]);
  });

  it('are found a day after they were made for a user to fetch: scaled tables', async () => {
    const [old, young] = [
      await put(`${owner.id}/${sessionId}/scaled/scaled_input_data_20240101_000000_00ff.csv`, 25),
      await put(`${owner.id}/${sessionId}/scaled/scaled_input_data_20240102_000000_11aa.csv`, 23),
    ];
    made.push(old, young);
    const found = await orphans();
    expect([old, young].map((path) => found.has(path))).toEqual([true, false]);
  });

  it('are found at once when their session is gone, and never under names of another form', async () => {
    const gone = await put(`${owner.id}/${randomUUID()}/dataset_x/manifest.json`);
    const strange = await put(`backup-${randomUUID()}/file`, 90 * 24);
    made.push(gone, strange);
    const found = await orphans();
    expect([gone, strange].map((path) => found.has(path))).toEqual([true, false]);
  });

  it('are kept while their run is active; checkpoints are found once it is closed', async () => {
    const start = trainingStart(owner, sessionId);
    await service.beginJob(start);
    const folder = `${owner.id}/${sessionId}/${start.job.runId}`;
    const [checkpoint, part] = [await put(`${folder}/checkpoint_12`, 48), await put(`${folder}/part.npz`, 48)];
    made.push(checkpoint, part);
    const during = await orphans();
    expect([checkpoint, part].map((path) => during.has(path))).toEqual([false, false]);
    await service.finishJob(start.job.runId, 'cancelled', { event: {}, message: '' });
    await sql('update storage.objects set created_at = now() where name = $1', [checkpoint]);
    const after = await orphans();
    expect([checkpoint, part].map((path) => after.has(path))).toEqual([true, true]);
  });

  it('are kept as long as a job may be building their dataset again, also where their removal was due', async () => {
    const start = datasetStart(owner, sessionId);
    await service.beginJob(start);
    const rebuilt = await put(`${owner.id}/${sessionId}/dataset_${'ab'.repeat(32)}/columns.bin`, 48);
    made.push(rebuilt);
    await service.queueDeletions([{ bucket: 'training-results', path: rebuilt, userId: owner.id }]);
    expect((await takeAll()).some(({ object_path }) => object_path === rebuilt)).toBe(false);
    expect((await orphans()).has(rebuilt)).toBe(false);
    await service.finishJob(start.job.runId, 'cancelled', { event: {}, message: '' });
    expect((await orphans()).has(rebuilt)).toBe(true);
  });
});

describe('charges and logs', () => {
  it('settles units that stayed reserved for an hour without an active job', async () => {
    const user = await newOwner(store);
    const reserve = async (key: string) =>
      (await sql<{ a: { charge_id: string } }>(`select public.check_and_reserve_quota($1, 'processing', $2) as a`, [user.id, key]))[0]?.a
        .charge_id ?? '';
    const [old, young] = [await reserve('old'), await reserve('young')];
    const start = datasetStart(user, await newSession(user));
    await service.beginJob(start);
    await sql('alter table public.usage_charges disable trigger set_updated_at');
    await sql(`update public.usage_charges set updated_at = now() - interval '61 minutes' where user_id = $1 and id <> $2`, [
      user.id,
      young,
    ]);
    await sql('alter table public.usage_charges enable trigger set_updated_at');
    expect(await service.sweepCharges(500)).toBeGreaterThanOrEqual(1);
    const states = await sql<{ id: string; state: string }>('select id, state from public.usage_charges where user_id = $1', [user.id]);
    expect(states.find(({ id }) => id === old)?.state).toBe('refunded');
    expect(states.filter(({ state }) => state === 'reserved')).toHaveLength(2);
    expect(await usage(user.id)).toMatchObject({ processing: 2 });
    await service.finishJob(start.job.runId, 'completed', { event: {}, message: '' });
  });

  it('keeps the newest thousand lines of a session and those of the last thirty days', async () => {
    await sql(`insert into public.training_logs (session_id, message) select $1, i::text from generate_series(1, 1005) as i`, [sessionId]);
    const other = await newSession(owner);
    await sql(
      `insert into public.training_logs (session_id, message, created_at) values ($1, 'old', now() - interval '31 days'), ($1, 'new', now() - interval '29 days')`,
      [other],
    );
    expect(await service.sweepLogs(3)).toBe(3);
    while ((await service.sweepLogs(500)) > 0);
    const left = await sql<{ message: string }>('select message from public.training_logs where session_id = $1 order by id', [sessionId]);
    expect([left.length, left[0]?.message]).toEqual([1000, '6']);
    expect(await sql('select message from public.training_logs where session_id = $1', [other])).toEqual([{ message: 'new' }]);
  });
});
