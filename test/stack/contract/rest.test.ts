import type { SupabaseClient } from '@supabase/supabase-js';
import { serviceClient, signUpUser, supabaseClient } from '../../support';
import type { TestUser } from '../../support';
import { withContractSchema } from './schema';

const UNKNOWN_USER = '00000000-0000-0000-0000-000000000001';
const STRANGE_NAME = 'üñí 漢字 😀 \'quote" \\ %_';
const STRANGE_VALUE = '\u0001 \\ \n \' " 😀';

const numbered = (index: number) => `bulk${String(index).padStart(2, '0')}`;

describe('database API of the Supabase-compatible server', () => {
  withContractSchema();
  let owner: TestUser;
  let stranger: TestUser;
  let service: SupabaseClient;
  let first: Record<string, unknown>;
  const projects = () => owner.client.from('contract_projects');

  beforeAll(async () => {
    [owner, stranger] = [await signUpUser(), await signUpUser()];
    service = serviceClient();
    const inserted = await projects()
      .insert({ name: 'first', meta: { a: { b: [1, { c: "x'y" }] }, n: null }, tags: ['x', 'y,z'], amount: 12.5 })
      .select()
      .single();
    if (inserted.error) throw inserted.error;
    first = inserted.data as Record<string, unknown>;
    const bulk = Array.from({ length: 20 }, (_, index) => ({
      name: numbered(index),
      meta: { index, nested: { k: `v${index}` } },
      status: index % 2 ? 'done' : 'queued',
    }));
    const { data, error } = await projects().insert(bulk).select('id');
    if (error) throw error;
    const items = data.slice(0, 5).flatMap(({ id }) => [1, 2, 3].map((n) => ({ project_id: id as string, body: { n } })));
    const children = await owner.client.from('contract_items').insert(items);
    if (children.error) throw children.error;
  });

  it('returns rows with values in the form PostgREST gives them', () => {
    expect(first).toMatchObject({
      user_id: owner.id,
      meta: { a: { b: [1, { c: "x'y" }] }, n: null },
      tags: ['x', 'y,z'],
      amount: 12.5,
      status: 'queued',
    });
    expect(first['created_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00$/);
  });

  describe('row level security', () => {
    const others = (): [string, SupabaseClient][] => [
      ['another user', stranger.client],
      ['a caller without token', supabaseClient()],
    ];

    it('hides rows from everybody but their owner and the service role', async () => {
      for (const [, client] of others()) expect((await client.from('contract_projects').select()).data).toEqual([]);
      expect((await stranger.client.from('contract_summary').select()).data).toEqual([]);
      expect((await service.from('contract_projects').select().eq('id', first['id'])).data).toHaveLength(1);
    });

    it('lets nobody else change, delete or forge rows', async () => {
      for (const [, client] of others()) {
        const table = client.from('contract_projects');
        expect((await table.update({ name: 'taken' }).eq('id', first['id']).select()).data ?? []).toEqual([]);
        expect((await table.delete().eq('id', first['id']).select()).data ?? []).toEqual([]);
        expect((await table.insert({ name: 'forged', user_id: owner.id })).error?.code).toBe('42501');
      }
      expect((await stranger.client.from('contract_items').insert({ project_id: first['id'], body: {} })).error?.code).toBe('42501');
    });
  });

  describe('errors carry the codes and statuses of PostgREST', () => {
    type Ask = () => PromiseLike<{ error: { code?: string } | null; status: number }>;
    const cases: [string, Ask, string, number][] = [
      ['unknown foreign key', () => service.from('contract_projects').insert({ name: 'x', user_id: UNKNOWN_USER }), '23503', 409],
      ['duplicate', () => projects().insert({ name: 'first' }), '23505', 409],
      ['broken check', () => projects().insert({ name: '' }), '23514', 400],
      ['missing value', () => projects().insert({ name: null }), '23502', 400],
      ['malformed uuid', () => projects().select().eq('id', 'no-uuid'), '22P02', 400],
      ['unknown table', () => owner.client.from('contract_nothing').select(), 'PGRST205', 404],
      ['unknown column', () => projects().select('nothing'), '42703', 400],
      ['unknown column in an insert', () => projects().insert({ nothing: 1, name: 'q' }), 'PGRST204', 400],
      ['no row where one is asked for', () => projects().select().eq('name', 'none').single(), 'PGRST116', 406],
      ['many rows where one is asked for', () => projects().select().single(), 'PGRST116', 406],
      ['unknown function', () => owner.client.rpc('contract_nothing'), 'PGRST202', 404],
      ['revoked function', () => owner.client.rpc('contract_increment', { p_user_id: owner.id, p_metric: 'm' }), '42501', 403],
    ];
    it.each(cases)('%s', async (_, ask, code, status) => {
      const answer = await ask();
      expect({ code: answer.error?.code, status: answer.status }).toEqual({ code, status });
    });

    it('passes an exception of a function on with message, details and hint', async () => {
      const { error, status } = await owner.client.rpc('contract_fail', { p_message: 'boom' });
      expect(status).toBe(400);
      expect(error).toMatchObject({ code: 'P0001', message: 'boom', details: 'a detail', hint: 'a hint' });
    });
  });

  describe('reading', () => {
    const names = (rows: unknown) => (rows as { name: string }[] | null)?.map(({ name }) => name);

    it('orders, cuts and counts', async () => {
      const page = await projects()
        .select('name', { count: 'exact' })
        .like('name', 'bulk%')
        .order('name', { ascending: false })
        .range(5, 9);
      expect([page.count, names(page.data)]).toEqual([20, [14, 13, 12, 11, 10].map(numbered)]);
      expect((await projects().select('*', { count: 'exact', head: true }).eq('status', 'done')).count).toBe(10);
    });

    const filters: [string, () => PromiseLike<{ data: unknown; error: unknown }>, string[]][] = [
      ['a path into JSON', () => projects().select('name').eq('meta->nested->>k', 'v3'), [numbered(3)]],
      [
        'contained JSON',
        () =>
          projects()
            .select('name')
            .contains('meta', { nested: { k: 'v4' } }),
        [numbered(4)],
      ],
      ['contained array elements', () => projects().select('name').contains('tags', ['x']), ['first']],
      [
        'or with and',
        () => projects().select('name').or('name.eq.bulk00,and(status.eq.done,name.eq.bulk03)').order('name'),
        [numbered(0), numbered(3)],
      ],
      [
        'case-insensitive pattern',
        () => projects().select('name').ilike('name', 'BULK1_').neq('status', 'queued').order('name').limit(2),
        [numbered(11), numbered(13)],
      ],
      [
        'is null, not, since',
        () => projects().select('name').is('archived_at', null).not('name', 'like', 'bulk%').gte('created_at', '2020-01-01T00:00:00Z'),
        ['first'],
      ],
    ];
    it.each(filters)('filters by %s', async (_, ask, expected) => {
      const { data, error } = await ask();
      expect(error).toBeNull();
      expect(names(data)).toEqual(expected);
    });

    it('embeds children and parents, counts them, orders and limits them', async () => {
      const children = await projects()
        .select('name,contract_items(seq)')
        .eq('name', numbered(0))
        .order('seq', { referencedTable: 'contract_items', ascending: false })
        .limit(2, { referencedTable: 'contract_items' })
        .single();
      const [a, b] = (children.data?.contract_items ?? []) as { seq: number }[];
      expect((a?.seq ?? 0) > (b?.seq ?? 0)).toBe(true);
      const parents = await owner.client
        .from('contract_items')
        .select('project:contract_projects!inner(name)')
        .eq('project.name', numbered(1));
      expect(parents.data).toEqual(Array.from({ length: 3 }, () => ({ project: { name: numbered(1) } })));
      const counts = await projects()
        .select('name,contract_items(count)')
        .in('name', [numbered(0), numbered(10)])
        .order('name');
      expect(counts.data?.map((row) => row.contract_items as unknown)).toEqual([[{ count: 3 }], [{ count: 0 }]]);
      expect((await owner.client.from('contract_summary').select('items').eq('name', numbered(0)).single()).data).toEqual({ items: 3 });
    });

    it('answers maybeSingle with null, and CSV as text', async () => {
      expect((await projects().select().eq('name', 'none').maybeSingle()).data).toBeNull();
      expect((await projects().select('name').eq('name', 'first').csv()).data).toContain('first');
    });

    it('takes hundreds of ids in one filter', async () => {
      const ids = Array.from({ length: 500 }, () => crypto.randomUUID());
      expect(
        (
          await projects()
            .select('id')
            .in('id', [...ids, first['id'] as string])
        ).data,
      ).toEqual([{ id: first['id'] }]);
    });
  });

  describe('writing', () => {
    it('upserts by a unique constraint and leaves existing rows alone when asked to', async () => {
      const merged = await projects()
        .upsert({ name: 'first', user_id: owner.id, status: 'done' }, { onConflict: 'user_id,name' })
        .select('id,status')
        .single();
      expect(merged.data).toEqual({ id: first['id'], status: 'done' });
      const fresh = await projects()
        .upsert(
          [
            { name: 'first', user_id: owner.id },
            { name: 'second', user_id: owner.id },
          ],
          { onConflict: 'user_id,name', ignoreDuplicates: true },
        )
        .select('name');
      expect(fresh.data).toEqual([{ name: 'second' }]);
    });

    it('updates and deletes what a filter names and says how much', async () => {
      await projects().insert({ name: 'brief' });
      const changed = await projects()
        .update({ status: 'failed', archived_at: '2026-01-01T00:00:00Z' })
        .eq('name', 'brief')
        .select('status,archived_at')
        .single();
      expect(changed.data).toEqual({ status: 'failed', archived_at: '2026-01-01T00:00:00+00:00' });
      expect((await projects().delete().eq('name', 'brief').select('name')).data).toEqual([{ name: 'brief' }]);
      expect(await projects().delete({ count: 'exact' }).eq('name', 'brief')).toMatchObject({ count: 0, status: 204 });
    });

    it('keeps every character of names and JSON values', async () => {
      const written = await projects()
        .insert({ name: STRANGE_NAME, meta: { s: STRANGE_VALUE } })
        .select('name,meta')
        .single();
      expect(written.data).toEqual({ name: STRANGE_NAME, meta: { s: STRANGE_VALUE } });
      expect((await projects().select('name').eq('name', STRANGE_NAME)).data).toHaveLength(1);
    });

    it.each([
      ['an array', [1, 2, { a: 1 }]],
      ['a text', 'text'],
      ['3 MB', { s: 'x'.repeat(3_000_000) }],
    ])('stores %s as JSON', async (_, value) => {
      const { data, error } = await projects().update({ meta: value }).eq('name', numbered(19)).select('meta').single();
      expect(error).toBeNull();
      expect(data?.meta).toEqual(value);
    });
  });

  describe('functions', () => {
    const increment = (metric: string, amount: number, limit?: number) =>
      service
        .rpc('contract_increment', {
          p_user_id: owner.id,
          p_metric: metric,
          p_amount: amount,
          ...(limit === undefined ? {} : { p_limit: limit }),
        })
        .single<{ allowed: boolean; used: number }>();

    it('run as their definer or as the caller, as declared', async () => {
      expect((await increment('one', 3)).data).toEqual({ allowed: true, used: 3 });
      expect((await increment('one', 3, 5)).data).toEqual({ allowed: false, used: 3 });
      expect((await stranger.client.rpc('contract_project_count')).data).toBe(0);
      expect((await owner.client.rpc('contract_project_count')).data).toBeGreaterThan(20);
      expect((await owner.client.rpc('contract_whoami', {}, { get: true })).data).toMatchObject({
        uid: owner.id,
        role: 'authenticated',
        current_user: 'authenticated',
      });
    });

    it('count exactly under 60 calls at once, and stop at the limit', async () => {
      await Promise.all(Array.from({ length: 60 }, () => increment('free', 1)));
      expect((await increment('free', 0)).data?.used).toBe(60);
      const limited = await Promise.all(Array.from({ length: 60 }, () => increment('limited', 1, 25)));
      expect(limited.filter(({ data }) => data?.allowed)).toHaveLength(25);
    });
  });
});
