import { randomUUID } from 'node:crypto';
import bcrypt from 'bcryptjs';
import type { JSONValue, Sql } from 'postgres';
import type { Context, Middleware, ResolveKey } from '../lite';

interface UserRow {
  id: string;
  aud: string;
  role: string;
  email: string | null;
  phone: string | null;
  email_confirmed_at: string | null;
  confirmed_at: string | null;
  last_sign_in_at: string | null;
  raw_app_meta_data: Record<string, unknown> | null;
  raw_user_meta_data: Record<string, unknown> | null;
  created_at: string;
  updated_at: string;
  is_anonymous: boolean;
}

interface UserRequest {
  id?: string;
  email?: string;
  password?: string;
  email_confirm?: boolean;
  app_metadata?: Record<string, JSONValue>;
  user_metadata?: Record<string, JSONValue>;
}

const PASSWORD_ROUNDS = 10;
const PER_PAGE = 50;
const MOST_PER_PAGE = 1000;
const UNIQUE_VIOLATION = '23505';

const presentUser = (user: UserRow) => ({
  id: user.id,
  aud: user.aud,
  role: user.role,
  email: user.email,
  phone: user.phone ?? '',
  email_confirmed_at: user.email_confirmed_at,
  confirmed_at: user.confirmed_at,
  last_sign_in_at: user.last_sign_in_at,
  app_metadata: user.raw_app_meta_data ?? {},
  user_metadata: user.raw_user_meta_data ?? {},
  identities: [],
  created_at: user.created_at,
  updated_at: user.updated_at,
  is_anonymous: user.is_anonymous,
});

/** `auth.admin` of supabase-js: list, read, create, change and delete users with the service-role key. lite has no such routes. */
export function adminUsers(sql: Sql, resolve: ResolveKey): Middleware {
  const find = async (id: string) => (await sql<UserRow[]>`select * from auth.users where id = ${id}`)[0];

  async function list(context: Context) {
    const perPage = Math.min(Number(context.req.query('per_page') || PER_PAGE), MOST_PER_PAGE); // supabase-js sends empty ones for defaults
    const page = Math.max(Number(context.req.query('page') || 1), 1);
    const users = await sql<UserRow[]>`select * from auth.users order by created_at desc limit ${perPage} offset ${(page - 1) * perPage}`;
    const [total] = await sql<{ count: string }[]>`select count(*)::text as count from auth.users`;
    return context.json({ users: users.map(presentUser), aud: 'authenticated' }, 200, { 'x-total-count': total?.count ?? '0' });
  }

  async function create(request: UserRequest) {
    const id = request.id ?? randomUUID();
    const email = request.email?.toLowerCase() ?? null;
    const password = request.password ? await bcrypt.hash(request.password, PASSWORD_ROUNDS) : null;
    await sql.begin(async (transaction) => {
      await transaction`
        insert into auth.users (id, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
        values (${id}, ${email}, ${password}, ${request.email_confirm ? transaction`now()` : null},
          ${transaction.json({ provider: 'email', providers: ['email'], ...request.app_metadata })}, ${transaction.json(request.user_metadata ?? {})})`;
      await transaction`
        insert into auth.identities (id, provider, provider_id, user_id, identity_data)
        values (${randomUUID()}, 'email', ${id}, ${id}, ${transaction.json({ sub: id, email })})`;
    });
    return find(id);
  }

  async function change(id: string, request: UserRequest) {
    const password = request.password ? await bcrypt.hash(request.password, PASSWORD_ROUNDS) : null;
    const [user] = await sql<UserRow[]>`
      update auth.users set
        email = coalesce(${request.email?.toLowerCase() ?? null}, email),
        encrypted_password = coalesce(${password}, encrypted_password),
        email_confirmed_at = case when ${request.email_confirm === true} then now() else email_confirmed_at end,
        raw_user_meta_data = coalesce(raw_user_meta_data, '{}') || ${sql.json(request.user_metadata ?? {})},
        raw_app_meta_data = coalesce(raw_app_meta_data, '{}') || ${sql.json(request.app_metadata ?? {})},
        updated_at = now()
      where id = ${id} returning *`;
    return user;
  }

  const remove = async (id: string) => (await sql<UserRow[]>`delete from auth.users where id = ${id} returning *`)[0];

  async function one(context: Context, id: string | undefined): Promise<UserRow | undefined> {
    const { method } = context.req;
    if (id === undefined) return create(await context.req.json<UserRequest>());
    if (method === 'GET') return find(id);
    if (method === 'DELETE') return remove(id);
    return change(id, await context.req.json<UserRequest>());
  }

  return async (context, next) => {
    const match = /^\/auth\/v1\/admin\/users(?:\/([0-9a-f-]{36}))?$/.exec(context.req.path);
    const id = match?.[1];
    const methods = id === undefined ? ['GET', 'POST'] : ['GET', 'PUT', 'DELETE'];
    if (!match || !methods.includes(context.req.method)) return next();
    const key = await resolve(context.req.header('apikey') ?? '', context);
    if (key?.type !== 'secret') return context.json({ code: 403, error_code: 'not_admin', msg: 'User not allowed' }, 403);
    if (id === undefined && context.req.method === 'GET') return list(context);
    try {
      const user = await one(context, id);
      return user ? context.json(presentUser(user)) : context.json({ code: 404, error_code: 'user_not_found', msg: 'User not found' }, 404);
    } catch (error) {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
      return context.json(
        { code: 422, error_code: 'email_exists', msg: 'A user with this email address has already been registered' },
        422,
      );
    }
  };
}
