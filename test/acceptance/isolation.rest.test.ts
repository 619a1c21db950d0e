/** Past the API, straight to the database with the publishable key: a second user and nobody at all, on every table and function. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { serviceClient, signUpUser, supabaseClient } from '../support';
import { itWith, offers } from '../support/offers';
import { ownedSession, watcherOf } from './ownedSession';
import type { OwnedSession } from './ownedSession';
import { functions, tables } from './schema';
import type { DatabaseFunction } from './schema';
import type { Body, User } from './scenario';

let owned: OwnedSession;
let stranger: User;
let watcher: SupabaseClient;
/** a row of the owner's of every table, as far as the watcher sees it */
const samples = new Map<string, Body>();
// of the server alone: not even the owner sees a row
const HIDDEN = ['storage_deletions', 'socket_io_attachments', 'rate_limits'];

beforeAll(async () => {
  [owned, stranger] = await Promise.all([ownedSession(), signUpUser()]);
  watcher = watcherOf(owned.owner);
  if (offers('service role')) await fillHidden();
  for (const table of tables) {
    const [row] = await ownersRows(watcher, table);
    if (row) samples.set(table, row);
  }
}, 120_000);

/** A row in the tables of the server that are often empty; far in the future, so that nobody works on it. */
async function fillHidden(): Promise<void> {
  const deletion = { bucket: 'models', object_path: `${owned.owner.id}/gone`, user_id: owned.owner.id, not_before: '2100-01-01T00:00:00Z' };
  const hidden: [string, Body][] = [
    ['storage_deletions', deletion],
    ['socket_io_attachments', { payload: '\\x00' }],
  ];
  for (const [table, row] of hidden) {
    const { error } = await watcher.from(table).insert(row);
    if (error) throw error;
  }
}
afterAll(async () => {
  if (offers('service role')) await watcher.from('storage_deletions').delete().eq('user_id', owned.owner.id);
});

/** Whether a row tells of the owner or of his session. */
const tellsOfOwner = (row: unknown): boolean =>
  [owned.owner.id, owned.uuid, owned.session, owned.upload].some((id) => JSON.stringify(row).includes(id));

async function rows(client: SupabaseClient, table: string): Promise<Body[]> {
  const { data } = await client.from(table).select('*').limit(1000);
  return data ?? [];
}
const ownersRows = async (client: SupabaseClient, table: string): Promise<Body[]> => (await rows(client, table)).filter(tellsOfOwner);

/** Everything stored of the owner; the limits of his requests change by themselves. */
async function stored(): Promise<Record<string, string[]>> {
  const entries = tables
    .filter((table) => table !== 'rate_limits')
    .map(async (table) => [table, (await ownersRows(watcher, table)).map((row) => JSON.stringify(row)).sort()] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const callers: [string, () => SupabaseClient][] = [
  ['a second user', () => stranger.client],
  ['nobody', () => supabaseClient()],
];

describe('the tables', () => {
  it.each(tables.filter((table) => !HIDDEN.includes(table) && table !== 'subscription_plans'))(
    'show their owner a row of %s',
    async (table) => {
      expect((await ownersRows(owned.owner.client, table)).length).toBeGreaterThan(0); // what follows has something to find
    },
  );

  it.each(HIDDEN)('show nobody %s, which is the server’s', async (table) => {
    for (const client of [owned.owner.client, stranger.client, supabaseClient()]) expect(await rows(client, table)).toEqual([]);
  });

  itWith('service role')('hide something there', async () => {
    for (const table of HIDDEN) expect([table, (await rows(watcher, table)).length > 0]).toEqual([table, true]);
  });

  it('show a second user what is his, and the plans', async () => {
    const visible = [];
    for (const table of tables) {
      const seen = await rows(stranger.client, table);
      expect([table, seen.filter(tellsOfOwner)]).toEqual([table, []]);
      if (seen.length > 0) visible.push(table);
    }
    expect(visible.filter((table) => !['user_subscriptions', 'subscription_plans'].includes(table))).toEqual([]);
  });

  it('show nobody nothing', async () => {
    const anonymous = supabaseClient();
    for (const table of tables) expect([table, await rows(anonymous, table)]).toEqual([table, []]);
  });

  it.each(callers)('are not written by %s', async (_, clientOf) => {
    const client = clientOf();
    const before = await stored();
    for (const table of tables) await tryToWrite(client, table);
    expect(await stored()).toEqual(before);
  });

  itWith('service role')('do not take a plan, a unit or a limit from a user for himself', async () => {
    const plan = (await rows(stranger.client, 'subscription_plans'))[0]?.['id'] as string;
    const wanted: [string, Body][] = [
      ['user_subscriptions', { user_id: stranger.id, plan_id: plan, status: 'active' }],
      ['usage_tracking', { user_id: stranger.id, period_start: '2024-01-01', period_end: '2024-01-31' }],
      ['subscription_plans', { name: 'mine', slug: 'mine' }],
    ];
    for (const [table, row] of wanted)
      expect([table, (await stranger.client.from(table).insert(row)).error]).toEqual([table, expect.anything()]);
    expect((await serviceClient().from('subscription_plans').select('id').eq('slug', 'mine')).data).toEqual([]);
  });
});

/** Everything a client can try on a table; its answers are of no interest, what is stored afterwards is. */
async function tryToWrite(client: SupabaseClient, table: string): Promise<void> {
  const sample = samples.get(table) ?? { session_id: owned.uuid, user_id: owned.owner.id };
  const { id: _id, ...copy } = sample;
  const [column = 'id'] = Object.keys(sample).filter((name) => typeof sample[name] === 'string' && !/(^|_)id$|_at$/.test(name));
  const own = Object.keys(sample).find((name) => sample[name] === owned.uuid || sample[name] === owned.owner.id) ?? column;
  await client.from(table).insert(copy);
  await client.from(table).insert({ [own]: sample[own] as unknown });
  await client.from(table).upsert(sample);
  await client.from(table).upsert({ ...sample, [column]: 'taken' });
  await client
    .from(table)
    .update({ [column]: 'taken' })
    .eq(own, sample[own]);
  await client.from(table).update({ user_id: stranger.id }).eq(own, sample[own]);
  await client.from(table).delete().eq(own, sample[own]);
  await client.from(table).delete().not(own, 'is', null);
}

describe('the functions', () => {
  /** Arguments that mean the owner's things wherever their name or type allows it. */
  function argumentsFor({ parameters }: DatabaseFunction): Body {
    const byName: Body = { p_file: owned.file, p_upload: owned.upload, p_run: owned.run, p_user: owned.owner.id, p_ref: owned.session };
    const byType: Record<string, unknown> = {
      uuid: owned.uuid,
      text: 'x',
      integer: 1,
      bigint: 1,
      jsonb: { eingabe: '9' },
      interval: '0 seconds',
      'text[]': [],
      'bigint[]': [1],
      'uuid[]': [owned.uuid],
      numeric: 1,
      boolean: true,
      timestamptz: null,
    };
    return Object.fromEntries(
      parameters.map(({ name, type }) => [name, byName[name] ?? (name === 'p_file_name' ? 'open.csv' : (byType[type] ?? null))]),
    );
  }

  it('are known', () => {
    expect(functions.length).toBeGreaterThan(40);
    expect(functions.map(({ name }) => name)).toEqual(expect.arrayContaining(['register_chunk', 'take_tokens', 'resolve_session']));
  });

  it.each(callers)('give %s nothing and change nothing', async (who, clientOf) => {
    const client = clientOf();
    const before = await stored();
    for (const one of functions) {
      const { data, error } = await client.rpc(one.name, argumentsFor(one));
      const answer = JSON.stringify(data ?? null);
      // ids that were not sent, and names
      for (const secret of [owned.fileName, owned.owner.email, ...(one.parameters.length === 0 ? [owned.uuid, owned.session] : [])])
        expect([one.name, answer]).toEqual([one.name, expect.not.stringContaining(secret)]);
      if (who === 'nobody') expect([one.name, error]).toEqual([one.name, expect.anything()]);
    }
    expect(await stored()).toEqual(before);
  });

  it('tell a second user of the session that there is one, and no more', async () => {
    const { client } = stranger;
    for (const p_ref of [owned.session, owned.uuid]) {
      expect((await client.rpc('resolve_session', { p_ref })).data).toEqual({ owned: false, session_id: null, string_session_id: null });
      expect((await client.rpc('admit_chunk', { p_ref })).data).toMatchObject({
        session: { owned: false, session_id: null, string_session_id: null },
      });
      expect((await client.rpc('create_session', { p_ref, p_name: 'x', p_time_info: { jahr: false } })).data).toMatchObject({
        owned: false,
      });
    }
    expect((await client.rpc('resolve_file', { p_file: owned.file })).data).toEqual({ owned: false, file_id: null, session_id: null });
    expect((await client.rpc('session_uploads', { p_session: owned.uuid })).data).toEqual([]);
    expect((await client.rpc('owns_session', { p_session: owned.uuid })).data).toBe(false);
    expect((await client.rpc('delete_session', { p_session: owned.uuid })).data).toEqual({ found: false });
  });

  it('of the server are not a user’s to call', async () => {
    for (const name of [
      'begin_job',
      'finish_job',
      'register_chunk',
      'check_and_reserve_quota',
      'sweep_expired_uploads',
      'take_tokens',
      'take_deletions',
    ]) {
      const one = functions.find((known) => known.name === name);
      if (!one) throw new Error(`${name} is not there`);
      expect([name, (await owned.owner.client.rpc(name, argumentsFor(one))).error?.code]).toEqual([name, '42501']);
    }
  });
});
