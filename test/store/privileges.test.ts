/** Privileges as the catalogue of the database has them; what they come to over REST is in test/acceptance/isolation.rest.test.ts. */
import { randomUUID } from 'node:crypto';
import { closeDatabase, newOwner, newSession, openStore, sha256, sql, storeFile, type Owner } from './support';

const store = openStore();
let owner: Owner;
let stranger: Owner;
let sessionId: string;
let fileId: string;

beforeAll(async () => {
  [owner, stranger] = await Promise.all([newOwner(store), newOwner(store)]);
  sessionId = await newSession(owner);
  fileId = (await storeFile(store, owner, sessionId, 'secret.csv', 'secret')).file.id;
});
afterAll(closeDatabase);

describe('tables', () => {
  it('have row level security enabled and forced, without exception', async () => {
    const open = await sql(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)`,
    );
    expect(open).toEqual([]);
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
    const timeInfo = { jahr: true, monat: true, woche: true, tag: true, feiertag: true, zeitzone: 'UTC', category_data: {} };
    await owner.store.saveTimeInfo(sessionId, timeInfo);
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
    'admit_chunk',
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
    'next_receiving_seq',
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
    'save_window_steps',
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
});
