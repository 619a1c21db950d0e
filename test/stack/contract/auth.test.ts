import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { endpoints, serviceClient, signUpUser, supabaseClient } from '../../support';
import type { TestUser } from '../../support';
import { withContractSchema } from './schema';
import { jwtSecret } from '../../support/secret';

const newAddress = () => `contract-${randomUUID()}@example.org`;
const sign = (claims: Record<string, string>, key = jwtSecret(), expires = '1h') =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(randomUUID())
    .setAudience('authenticated')
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(key);

describe('authentication of the Supabase-compatible server', () => {
  withContractSchema();
  let user: TestUser;
  beforeAll(async () => {
    user = await signUpUser();
  });

  it('signs a token that the shared secret verifies, with the claims the API relies on', async () => {
    const { payload, protectedHeader } = await jwtVerify(user.token, jwtSecret(), { audience: 'authenticated' });
    expect(protectedHeader.alg).toBe('HS256');
    expect(payload).toMatchObject({ sub: user.id, role: 'authenticated', email: user.email });
    expect(payload.exp).toBeGreaterThan(Date.now() / 1000);
  });

  it('stores the metadata of a sign-up as JSON that triggers can read', async () => {
    const { data, error } = await supabaseClient().auth.signUp({
      email: newAddress(),
      password: 'a long password',
      options: { data: { display_name: 'Alice' } },
    });
    expect(error).toBeNull();
    const profile = await supabaseClient(data.session?.access_token).from('contract_profiles').select('display_name').single();
    expect(profile.data).toEqual({ display_name: 'Alice' });
  });

  it.each([
    ['an address that is taken', () => ({ email: user.email, password: 'a long password' }), 'user_already_exists'],
    ['a weak password', () => ({ email: newAddress(), password: '1' }), 'weak_password'],
  ])('refuses a sign-up with %s', async (_, credentials, code) => {
    const { error } = await supabaseClient().auth.signUp(credentials());
    expect(error?.code).toBe(code);
  });

  it('signs in with the right password only', async () => {
    const wrong = await supabaseClient().auth.signInWithPassword({ email: user.email, password: 'wrong' });
    expect(wrong.error?.code).toBe('invalid_credentials');
    const right = await supabaseClient().auth.signInWithPassword({ email: user.email, password: user.password });
    expect(right.data.user?.id).toBe(user.id);
  });

  it('tells another process whose token it is, and refuses a changed one', async () => {
    expect((await serviceClient().auth.getUser(user.token)).data.user?.id).toBe(user.id);
    const changed = await serviceClient().auth.getUser(`${user.token.slice(0, -3)}xyz`);
    expect([changed.data.user, changed.error?.status]).toEqual([null, 403]);
  });

  it('renews a session by its refresh token', async () => {
    const signedIn = await supabaseClient().auth.signInWithPassword({ email: user.email, password: user.password });
    const renewed = await supabaseClient().auth.refreshSession({ refresh_token: signedIn.data.session?.refresh_token ?? '' });
    expect(renewed.data.session?.user.id).toBe(user.id);
  });

  it('changes metadata and password of the signed-in user', async () => {
    const { email, password } = await signUpUser();
    const client = supabaseClient();
    await client.auth.signInWithPassword({ email, password });
    expect((await client.auth.updateUser({ data: { display_name: 'Bob' } })).data.user?.user_metadata).toMatchObject({
      display_name: 'Bob',
    });
    expect((await client.auth.updateUser({ password: 'another long password' })).error).toBeNull();
    expect((await supabaseClient().auth.signInWithPassword({ email, password })).error?.code).toBe('invalid_credentials');
    expect((await supabaseClient().auth.signInWithPassword({ email, password: 'another long password' })).error).toBeNull();
  });

  it('no longer accepts the token of a session that was signed out', async () => {
    const { email, password } = await signUpUser();
    const client = supabaseClient();
    const { data } = await client.auth.signInWithPassword({ email, password });
    expect((await client.auth.signOut()).error).toBeNull();
    expect((await serviceClient().auth.getUser(data.session?.access_token)).error).not.toBeNull();
  });

  describe('keys and tokens of requests', () => {
    const projects = async (headers: Record<string, string>) =>
      (await fetch(`${endpoints().supabase.url}/rest/v1/contract_projects`, { headers })).status;
    const apikey = () => endpoints().supabase.publishableKey;

    const refused: [string, () => Record<string, string> | Promise<Record<string, string>>][] = [
      ['no key', () => ({})],
      ['an unknown key', () => ({ apikey: 'garbage' })],
      [
        'an expired token',
        async () => ({ apikey: apikey(), Authorization: `Bearer ${await sign({ role: 'authenticated' }, jwtSecret(), '-1m')}` }),
      ],
      [
        'a token signed with another secret',
        async () => ({
          apikey: apikey(),
          Authorization: `Bearer ${await sign({ role: 'service_role' }, new TextEncoder().encode('x'.repeat(40)))}`,
        }),
      ],
      [
        'a token without signature',
        () => {
          const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
          return { apikey: apikey(), Authorization: `Bearer ${part({ alg: 'none' })}.${part({ role: 'service_role' })}.x` };
        },
      ],
    ];
    it.each(refused)('answers 401 to %s', async (_, headers) => {
      expect(await projects(await headers())).toBe(401);
    });

    it.each([
      ['anon', 'anon'],
      ['service_role', 'service_role'],
    ])('accepts the older kind of %s key', async (role, databaseRole) => {
      const key = await sign({ role });
      const answer = await fetch(`${endpoints().supabase.url}/rest/v1/rpc/contract_whoami`, {
        method: 'POST',
        body: '{}',
        headers: { apikey: key, 'content-type': 'application/json' },
      });
      expect(await answer.json()).toMatchObject({ current_user: databaseRole });
    });
  });

  describe('administration of users', () => {
    it('creates, reads, changes, lists and deletes a user; his rows go with him', async () => {
      const { admin } = serviceClient().auth;
      const email = newAddress();
      const created = await admin.createUser({
        email,
        password: 'a long password',
        email_confirm: true,
        user_metadata: { display_name: 'Zoe' },
      });
      const id = created.data.user?.id ?? '';
      expect((await supabaseClient().auth.signInWithPassword({ email, password: 'a long password' })).data.user?.id).toBe(id);
      expect((await serviceClient().from('contract_profiles').select('display_name').eq('id', id)).data).toEqual([{ display_name: 'Zoe' }]);

      const changed = await admin.updateUserById(id, {
        password: 'another long password',
        user_metadata: { city: 'Graz' },
        app_metadata: { plan: 'x' },
      });
      expect(changed.data.user).toMatchObject({
        email,
        user_metadata: { display_name: 'Zoe', city: 'Graz' },
        app_metadata: { provider: 'email', plan: 'x' },
      });
      expect((await supabaseClient().auth.signInWithPassword({ email, password: 'another long password' })).error).toBeNull();
      expect((await admin.getUserById(id)).data.user?.email).toBe(email);
      for (const page of [undefined, { perPage: 1000 }])
        expect((await admin.listUsers(page)).data.users.map((one) => one.id)).toContain(id);

      expect((await admin.deleteUser(id)).error).toBeNull();
      expect((await admin.getUserById(id)).error?.status).toBe(404);
      expect((await serviceClient().from('contract_profiles').select('id').eq('id', id)).data).toEqual([]);
    });

    it('refuses an address that is taken and a caller without the service-role key', async () => {
      expect((await serviceClient().auth.admin.createUser({ email: user.email, password: 'a long password' })).error?.code).toBe(
        'email_exists',
      );
      expect((await supabaseClient(user.token).auth.admin.listUsers()).error?.status).toBe(403);
      expect((await serviceClient().auth.admin.deleteUser(randomUUID())).error?.status).toBe(404);
    });
  });
});
