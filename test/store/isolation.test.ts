import { randomUUID } from 'node:crypto';
import type { SupabaseClient } from '@supabase/supabase-js';
import { supabaseClient } from '../support';
import {
  chunk,
  closeDatabase,
  datasetRow,
  newOwner,
  newSession,
  openStore,
  sha256,
  sql,
  storeFile,
  stringId,
  trainingStart,
  type Owner,
} from './support';

const store = openStore();
let owner: Owner;
let stranger: Owner;
let sessionId: string;
let fileId: string;
let tables: string[];

/** At least one row of the owner in every table. */
beforeAll(async () => {
  [owner, stranger] = await Promise.all([newOwner(store), newOwner(store)]);
  sessionId = await newSession(owner);
  fileId = (await storeFile(store, owner, sessionId, 'secret.csv', 'secret')).file.id;
  await store.service.registerChunk(chunk(owner, sessionId, 'part', { bezeichnung: 'open' }));
  await owner.store.saveTimeInfo(sessionId, {
    jahr: true,
    monat: true,
    woche: true,
    tag: true,
    feiertag: true,
    zeitzone: 'UTC',
    category_data: {},
  });
  await owner.store.saveZeitschritte(sessionId, { eingabe: '2', ausgabe: '2', zeitschrittweite: '60', offset: '0' });
  const start = trainingStart(owner, sessionId);
  await store.service.beginJob(start);
  const path = `${owner.id}/${sessionId}/${start.job.runId}`;
  await store.service.finishJob(start.job.runId, 'completed', {
    event: {},
    message: 'done',
    result: { results_file_path: `${path}/r.json.gz` },
    models: [
      {
        run_id: start.job.runId,
        filename: 'm.json',
        model_type: null,
        model_class: null,
        dataset_name: null,
        format: 'json',
        path_in_results: null,
        bucket: 'models',
        object_path: `${path}/m.json`,
        size_bytes: 1,
        sha256: sha256('m'),
      },
    ],
  });
  await store.service.saveDataset(datasetRow(owner, sessionId, 'h'));
  await store.service.replaceViolins(sessionId, 'h', [
    { plot_name: 'p', image_data: 'data:,', plot_type: 'other', label: null, side: null, plot_metadata: null },
  ]);
  await store.service.queueDeletions([{ bucket: 'models', path: `${path}/gone`, userId: owner.id }]);
  await sql('insert into public.evaluation_tables (session_id) values ($1)', [sessionId]);
  await sql(`insert into public.socket_io_attachments (payload) values ('secret')`);
  await sql(`select * from public.take_tokens('read:secret', 1, 1)`);
  tables = (await sql<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public' order by 1`)).map(
    ({ name }) => name,
  );
  for (const table of tables) expect([table, (await contentOf(table)).length > 0]).toEqual([table, true]);
});
afterAll(async () => {
  await sql(`delete from public.socket_io_attachments where payload = 'secret'`);
  await sql(`delete from public.rate_limits where key = 'read:secret'`);
  await closeDatabase();
});

const contentOf = (table: string) => sql<{ row: string }>(`select t::text as row from public.${table} as t order by 1`);

interface Answer {
  data: unknown;
  error: { code: string } | null;
}
const rowsOf = async (query: PromiseLike<Answer>) => ((await query).data ?? []) as Record<string, unknown>[];
const mentionsOwner = (rows: Record<string, unknown>[]) =>
  JSON.stringify(rows).includes(owner.id) || JSON.stringify(rows).includes(sessionId);

/** Everything a client can try on a table; what comes back is of no interest, what is in the table afterwards is. */
async function tryToChange(client: SupabaseClient, table: string) {
  const [first] = await sql<{ columns: string[] }>(
    `select array_agg(column_name::text) as columns from information_schema.columns where table_schema = 'public' and table_name = $1`,
    [table],
  );
  const columns = first?.columns ?? [];
  const own: Record<string, unknown> = {};
  if (columns.includes('session_id')) own['session_id'] = sessionId;
  if (columns.includes('uuid_session_id')) own['uuid_session_id'] = sessionId;
  if (columns.includes('user_id')) own['user_id'] = owner.id;
  const column =
    columns.find((name) =>
      ['session_name', 'file_name', 'zeitzone', 'eingabe', 'message', 'status', 'state', 'name', 'model_type'].includes(name),
    ) ??
    columns[0] ??
    'id';
  const filter = columns.includes('created_at') ? 'created_at' : column;
  await client.from(table).insert({ ...own, [column]: 'failed' });
  await client.from(table).upsert({ ...own, [column]: 'failed' });
  await client
    .from(table)
    .update({ [column]: 'failed' })
    .not(filter, 'is', null);
  await client.from(table).delete().not(filter, 'is', null);
}

describe('tables', () => {
  it('have row level security enabled and forced, without exception', async () => {
    const open = await sql(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)`,
    );
    expect(open).toEqual([]);
  });

  it('show their owner his rows', async () => {
    const hidden = ['storage_deletions', 'socket_io_attachments', 'rate_limits'];
    for (const table of tables) {
      const rows = await rowsOf(owner.client.from(table).select('*'));
      expect([table, rows.length > 0]).toEqual([table, !hidden.includes(table)]);
    }
  });

  it('show a second user nothing of the first', async () => {
    for (const table of tables) {
      const rows = await rowsOf(stranger.client.from(table).select('*'));
      expect([table, mentionsOwner(rows)]).toEqual([table, false]);
    }
    // his own subscription is all he has; plans are for everyone
    const visible = [];
    for (const table of tables) if ((await rowsOf(stranger.client.from(table).select('*'))).length > 0) visible.push(table);
    expect(visible).toEqual(['subscription_plans', 'user_subscriptions']);
  });

  it('show the anonymous key nothing at all', async () => {
    const anonymous = supabaseClient();
    for (const table of tables) expect([table, await rowsOf(anonymous.from(table).select('*'))]).toEqual([table, []]);
  });

  it.each(['a second user', 'the anonymous key'])('cannot be changed by %s', async (who) => {
    const client = who === 'a second user' ? stranger.client : supabaseClient();
    for (const table of tables) {
      const before = await contentOf(table);
      await tryToChange(client, table);
      const after = (await contentOf(table)).filter(({ row }) => before.length > 0 && !row.includes(stranger.id));
      expect([table, after]).toEqual([table, before.filter(({ row }) => !row.includes(stranger.id))]);
    }
  });
});

describe('columns of the server', () => {
  it.each([
    ['sessions', { user_id: randomUUID() }],
    ['sessions', { n_dat: 7 }],
    ['sessions', { finalized: true }],
    ['sessions', { workflow_phase: 'completed' }],
    ['files', { storage_path: 'elsewhere' }],
    ['files', { sha256: sha256('x') }],
    ['files', { session_id: randomUUID() }],
    ['files', { color_index: 9 }],
    ['training_progress', { status: 'completed' }],
    ['usage_tracking', { processing_jobs_count: 0 }],
    ['user_subscriptions', { status: 'active' }],
  ])('of %s cannot be written by the owner: %j', async (table, patch) => {
    const { error } = await owner.client.from(table).update(patch).not('created_at', 'is', null);
    expect(error?.code).toBe('42501');
  });

  it('stay with their session when configuration is replaced', async () => {
    const other = await newSession(owner);
    const { error } = await owner.client.from('time_info').update({ session_id: other }).eq('session_id', sessionId);
    expect(error?.code).toBe('42501');
  });

  it('leave names and settings to the owner', async () => {
    await owner.store.updateSession(sessionId, { session_name: 'mine', session_info: { totalFiles: 2 } });
    expect(await owner.store.session(sessionId)).toMatchObject({ session_name: 'mine', session_info: { totalFiles: 2 } });
    expect(await owner.store.updateFile(fileId, { datenform: 'Aktueller Wert' })).toMatchObject({ datenform: 'Aktueller Wert' });
    expect(await stranger.store.updateFile(fileId, { datenform: 'x' })).toBeNull();
    const row = { session_id: sessionId, file_name: 'x.csv', type: 'input', bezeichnung: 'x' } as const;
    await expect(stranger.store.createFile(row)).rejects.toMatchObject({ name: 'StoreError', code: '42501' });
    const tables = { df_eval: {}, df_eval_ts: {}, model_type: 'x', run_id: null };
    await expect(stranger.store.saveEvaluationTables(sessionId, tables)).rejects.toMatchObject({ name: 'StoreError', code: '42501' });
  });
});

describe('functions', () => {
  const FOR_USERS = [
    'cancel_upload',
    'create_session',
    'delete_file',
    'delete_session',
    'delete_user_sessions',
    'list_user_sessions',
    'owns_session',
    'peek_quota',
    'resolve_file',
    'resolve_session',
    'session_uploads',
  ];
  const FOR_THE_SERVICE = [
    'abort_job',
    'add_storage_usage',
    'begin_job',
    'check_and_reserve_quota',
    'commit_charge',
    'complete_upload',
    'current_period',
    'deletions_done',
    'deletions_failed',
    'fail_upload',
    'finalize_session',
    'finish_job',
    'mark_published',
    'next_upload_seq',
    'open_run',
    'orphan_objects',
    'owns_session',
    'queue_position',
    'record_progress',
    'refund_charge',
    'register_chunk',
    'replace_violins',
    'save_dataset',
    'sweep_charges',
    'sweep_expired_uploads',
    'sweep_logs',
    'take_deletions',
  ];
  // functions of other parts (the tests of the stack bring some) are theirs to answer for
  const ours = `pronamespace = 'public'::regnamespace and proname not like 'contract\\_%'`;
  const executableBy = async (role: string) =>
    (
      await sql<{ name: string }>(
        `select distinct proname as name from pg_proc where ${ours} and has_function_privilege($1, oid, 'execute') order by 1`,
        [role],
      )
    ).map(({ name }) => name);

  it('are executable for users and the service by name, and for nobody else', async () => {
    expect(await executableBy('anon')).toEqual([]);
    expect(await executableBy('authenticated')).toEqual(FOR_USERS);
    // hosted and embedded stacks grant new functions to the service role by default
    expect(await executableBy('service_role')).toEqual(expect.arrayContaining(FOR_THE_SERVICE));
  });

  it('run with a pinned, empty search path', async () => {
    expect(await sql(`select proname from pg_proc where ${ours} and not coalesce(proconfig, '{}') @> array['search_path=""']`)).toEqual([]);
  });

  it('take no user id from a user', async () => {
    const { error } = await stranger.client.rpc('begin_job', { p_user: owner.id });
    expect(error).not.toBeNull();
    for (const name of FOR_USERS) {
      const args = await sql<{ names: string[] | null }>(`select proargnames as names from pg_proc where ${ours} and proname = $1`, [name]);
      expect([name, args[0]?.names ?? []]).toEqual([name, expect.not.arrayContaining(['p_user'])]);
    }
  });

  it('tell a stranger nothing of a session and change nothing in it', async () => {
    const before = await Promise.all(tables.map(contentOf));
    expect(await stranger.store.resolveFile(fileId)).toEqual({ owned: false });
    expect(await stranger.store.uploads(sessionId)).toEqual([]);
    expect(await stranger.store.cancelUpload({ sessionId, fileName: 'load.csv', type: null, bezeichnung: null })).toMatchObject({
      outcome: 'unknown',
    });
    expect(await stranger.store.deleteSession(sessionId)).toMatchObject({ found: false });
    expect(await stranger.store.deleteFile(fileId)).toEqual({ found: false, activeJob: null, fileName: null });
    expect(
      (await stranger.store.createSession({ ref: sessionId, name: 'x', timeInfo: { jahr: false }, zeitschritte: { eingabe: '9' } })).owned,
    ).toBe(false);
    expect(await stranger.store.resolveSession(stringId())).toBeNull();
    expect(await stranger.store.resolveFile(randomUUID())).toBeNull();
    expect(await Promise.all(tables.map(contentOf))).toEqual(before);
  });
});

describe('objects', () => {
  const csv = () => `${owner.id}/${sessionId}/${randomUUID()}/x.csv`;

  it('are private: the owner reads his own, nobody else reads any', async () => {
    const path = csv();
    await store.objects.put('csv-files', path, Buffer.from('a;b'), 'text/csv');
    const read = (client: SupabaseClient) => client.storage.from('csv-files').download(path);
    expect(await (await read(owner.client)).data?.text()).toBe('a;b');
    expect((await read(stranger.client)).data).toBeNull();
    expect((await read(supabaseClient())).data).toBeNull();
    expect((await stranger.client.storage.from('csv-files').list(`${owner.id}/${sessionId}`)).data ?? []).toEqual([]);
    await store.objects.remove('csv-files', [path]);
  });

  it('of chunks under way are not readable even for their owner', async () => {
    const path = `${owner.id}/${sessionId}/${randomUUID()}`;
    await store.objects.put('upload-chunks', path, Buffer.from('part'), 'application/octet-stream');
    expect((await owner.client.storage.from('upload-chunks').download(path)).data).toBeNull();
    await store.objects.remove('upload-chunks', [path]);
  });

  it('are written and removed by the service only', async () => {
    const path = csv();
    expect((await owner.client.storage.from('csv-files').upload(path, Buffer.from('x'), { contentType: 'text/csv' })).error).not.toBeNull();
    await store.objects.put('csv-files', path, Buffer.from('x'), 'text/csv');
    await owner.client.storage.from('csv-files').remove([path]);
    await owner.client.storage.from('csv-files').update(path, Buffer.from('y'), { contentType: 'text/csv' });
    expect((await store.objects.getBuffer('csv-files', path)).toString()).toBe('x');
    await store.objects.remove('csv-files', [path]);
  });
});
