/** Functions called by the service and by users take a short way (src/stack/supabase/functions): whatever they are asked, they answer as lite does. */
import { SignJWT } from 'jose';
import { serviceClient, signUpUser, supabaseClient, target } from '../../support';
import type { TestUser } from '../../support';
import { jwtSecret } from '../../support/secret';
import { execute, withContractSchema } from './schema';

const NOBODY = '00000000-0000-4000-8000-000000000000';
/** lite answers whatever carries a preference; one that asks for nothing leaves its answer what it is */
const BY_LITE = { prefer: 'handling=lenient' };

describe('functions of the database over HTTP', () => {
  withContractSchema();
  const { url, serviceRoleKey, publishableKey } = target().supabase;
  let owner: TestUser;
  let projectId: string;
  beforeAll(async () => {
    owner = await signUpUser();
    const { data } = await owner.client.from('contract_projects').insert({ name: 'before' }).select('id').single<{ id: string }>();
    projectId = data!.id;
  });

  const callers = () => ({ service: [serviceRoleKey, serviceRoleKey], user: [publishableKey, owner.token] });
  type Caller = keyof ReturnType<typeof callers>;

  async function call(name: string, body: string, [apikey, token]: readonly (string | undefined)[], more: Record<string, string> = {}) {
    const headers = { 'content-type': 'application/json', apikey: apikey!, authorization: `Bearer ${token}`, ...more };
    const answer = await fetch(`${url}/rest/v1/rpc/${name}`, { method: 'POST', body, headers });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  }

  const both = async (name: string, given: object | string, caller: readonly (string | undefined)[]) => {
    const body = typeof given === 'string' ? given : JSON.stringify(given);
    const [here, lite] = await Promise.all([call(name, body, caller), call(name, body, caller, BY_LITE)]);
    return [here, lite].map(({ text, ...rest }) => ({ ...rest, body: text === '' ? '' : (JSON.parse(text) as unknown) }));
  };

  const answered: [name: string, given: object, answer: unknown][] = [
    ['contract_echo', { p_value: { a: [1, null, 'ü "x"'], b: { c: 1.5 } } }, { a: [1, null, 'ü "x"'], b: { c: 1.5 } }],
    ['contract_echo', { p_value: [1, 2] }, [1, 2]],
    ['contract_echo', { p_value: 'text' }, 'text'],
    ['contract_text', { p_text: 'ä\\"\n' }, 'ä\\"\n!'],
    ['contract_text', { p_suffix: '?', p_text: 'named' }, 'named?'],
    ['contract_sum', { p_a: 4503599627370496, p_b: 1 }, 4503599627370497],
    ['contract_sum', { p_a: '4', p_b: null }, null],
    ['contract_is_null', { p_value: null }, true],
    ['contract_is_null', { p_value: NOBODY }, false],
    ['contract_null', {}, null],
  ];
  describe.each<Caller>(['service', 'user'])('called by the %s', (caller) => {
    it.each(answered)('%s(%j) is %j', async (name, given, answer) => {
      const [here, lite] = await both(name, given, callers()[caller]);
      expect(here).toMatchObject({ status: 200, body: answer });
      expect(here).toEqual(lite);
    });

    it.each<[string, object | string]>([
      ['contract_nothing', {}],
      ['contract_sum', { p_a: 'four', p_b: 1 }],
      ['contract_sum', { p_a: 1, p_b: 1, p_c: 1 }],
      ['contract_sum', { p_a: 1 }],
      ['contract_sum', { 'p_a" => 1); drop table public.contract_items; --': 1 }],
      ['contract_overloaded', { p_a: 1 }],
      ['contract_joined', { p_parts: ['a', 'b'] }],
      ['contract_fail', { p_message: 'boom' }],
      ['contract_echo', '{'],
      ['contract_echo', '[]'],
      ['contract_echo', ''],
    ])('%s(%j) is what lite answers', async (name, given) => {
      const [here, lite] = await both(name, given, callers()[caller]);
      expect(here).toEqual(lite);
    });

    it('nothing is the answer of a function without one', async () => {
      const [here, lite] = await both('contract_rename', { p_project: NOBODY, p_name: 'x' }, callers()[caller]);
      expect(here).toEqual(lite);
      expect(here).toMatchObject({ status: 204, body: '' });
    });
  });

  it('run as whoever calls them', async () => {
    const who = async (caller: Caller) => JSON.parse((await call('contract_whoami', '{}', callers()[caller])).text) as object;
    expect(await who('user')).toEqual({ uid: owner.id, role: 'authenticated', current_user: 'authenticated' });
    expect(await who('service')).toEqual({ uid: null, role: 'service_role', current_user: 'service_role' });
    const mixed = await Promise.all(Array.from({ length: 60 }, (_, k) => who(k % 3 === 0 ? 'service' : 'user')));
    expect(mixed.map((one) => (one as { role: string }).role)).toEqual(
      mixed.map((_, k) => (k % 3 === 0 ? 'service_role' : 'authenticated')),
    );
  });

  it('write under row level security, and not at all when refused', async () => {
    const stranger = await signUpUser();
    const nameNow = async () =>
      (await serviceClient().from('contract_projects').select('name').eq('id', projectId).single()).data?.name as string;
    await stranger.client.rpc('contract_rename', { p_project: projectId, p_name: 'stolen' });
    expect(await nameNow()).toBe('before');
    const { error } = await owner.client.rpc('contract_rename', { p_project: projectId, p_name: '' });
    expect([error?.code, await nameNow()]).toEqual(['23514', 'before']);
    expect((await owner.client.rpc('contract_rename', { p_project: projectId, p_name: 'after' })).status).toBe(204);
    expect(await nameNow()).toBe('after');
  });

  it('see what their caller may see, whoever had the same statement kept before', async () => {
    const stranger = await signUpUser();
    const count = (client: typeof owner.client) => client.rpc('contract_project_count');
    const summary = (client: typeof owner.client) => client.from('contract_summary').select('name').eq('name', 'before');
    await owner.client.from('contract_projects').upsert({ id: projectId, name: 'before' });
    for (let round = 0; round < 8; round += 1) {
      // as many at once as there are connections, so that every one of them serves both
      const counts = await Promise.all(Array.from({ length: 24 }, (_, k) => count(k % 2 ? stranger.client : serviceClient())));
      expect(counts.map(({ data }) => Number(data) > 0)).toEqual(counts.map((_, k) => k % 2 === 0));
      const rows = await Promise.all(Array.from({ length: 24 }, (_, k) => summary(k % 2 ? stranger.client : serviceClient())));
      expect(rows.map(({ data }) => data?.length)).toEqual(rows.map((_, k) => (k % 2 ? 0 : 1)));
    }
  });

  it('are refused to who may not call them', async () => {
    const call1 = (client: typeof owner.client) => client.rpc('contract_increment', { p_user_id: owner.id, p_metric: 'm' });
    expect((await call1(owner.client)).error?.code).toBe('42501');
    await execute('revoke execute on function public.contract_text(text, text) from public, anon, authenticated');
    expect((await owner.client.rpc('contract_text', { p_text: 'x' })).error?.code).toBe('42501');
    expect((await serviceClient().rpc('contract_text', { p_text: 'x' })).data).toBe('x!');
  });

  it('take no token that is forged, expired, of the future, or of another role', async () => {
    const now = Math.floor(Date.now() / 1000);
    const sign = (claims: object, key: Uint8Array, from = now - 10) =>
      new SignJWT({ sub: owner.id, role: 'authenticated', ...claims }).setProtectedHeader({ alg: 'HS256' }).setIssuedAt(from).sign(key);
    const secret = jwtSecret();
    const tokens: [string, number][] = [
      [await sign({ exp: now + 60 }, secret), 200],
      [await sign({ exp: now + 60 }, Buffer.alloc(40)), 401],
      [await sign({ exp: now - 5 }, secret), 401],
      [await sign({ exp: now + 600 }, secret, now + 300), 401],
    ];
    for (const [token, status] of tokens) {
      const [here, lite] = await both('contract_whoami', {}, [publishableKey, token]);
      expect(here).toEqual(lite);
      expect(here?.status).toBe(status);
    }
    // one that has been taken is taken no longer than it holds
    const soonOver = [publishableKey, await sign({ exp: now + 3 }, secret)];
    expect((await both('contract_whoami', {}, soonOver)).map(({ status }) => status)).toEqual([200, 200]);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect((await both('contract_whoami', {}, soonOver)).map(({ status }) => status)).toEqual([401, 401]);
    const anonymous = (await supabaseClient().rpc('contract_whoami')).data as { role: string };
    expect(anonymous.role).toBe('anon');
    const [here, lite] = await both('contract_whoami', {}, ['no key', owner.token]);
    expect(here).toEqual(lite);
    expect(here?.status).toBe(401);
  });

  it('can be called by pages of other origins', async () => {
    const answer = await fetch(`${url}/rest/v1/rpc/contract_whoami`, {
      method: 'POST',
      body: '{}',
      headers: {
        'content-type': 'application/json',
        apikey: publishableKey,
        authorization: `Bearer ${owner.token}`,
        origin: 'https://app.example.org',
      },
    });
    expect(answer.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/app\.example\.org)$/);
    expect(await answer.json()).toMatchObject({ uid: owner.id });
  });

  it('are known by their newest definition', async () => {
    const answer = async () => (await serviceClient().rpc('contract_null')).data as unknown;
    expect(await answer()).toBeNull();
    await execute(
      "create or replace function public.contract_null() returns jsonb language sql immutable as $$ select '1'::jsonb $$",
      'drop function public.contract_is_null(uuid)',
      'create function public.contract_is_null(p_other uuid) returns text language sql immutable as $$ select p_other::text $$',
      "notify pgrst, 'reload schema'",
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await answer()).toBe(1);
    expect((await serviceClient().rpc('contract_is_null', { p_other: NOBODY })).data).toBe(NOBODY);
  });
});
