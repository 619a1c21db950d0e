import { jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import type { Sql } from 'postgres';
import type { Context, Middleware, ResolveKey } from '../lite';

interface ListRequest {
  prefix?: string;
  search?: string;
  limit?: number;
  offset?: number;
  sortBy?: { column?: string; order?: string };
}

const SORTABLE = ['name', 'created_at', 'updated_at', 'last_accessed_at'];
const API_ROLES = ['anon', 'authenticated', 'service_role'];

/** Claims of the caller: of his token, else of his key. @throws for a token that does not verify */
async function callerClaims(context: Context, resolve: ResolveKey, secret: Uint8Array): Promise<JWTPayload | undefined> {
  const key = context.req.header('apikey');
  const bearer = /^Bearer\s+(.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined && bearer !== key && bearer.split('.').length === 3) {
    return (await jwtVerify(bearer, secret, { algorithms: ['HS256'] })).payload;
  }
  return key === undefined ? undefined : (await resolve(key, context))?.claims;
}

function folderPrefix(prefix = ''): string {
  if (prefix === '' || prefix === '/') return '';
  return prefix.endsWith('/') ? prefix : `${prefix}/`;
}

/** One folder's entries with relative names, folders first, as Supabase's storage does; lite returns everything below the prefix with full names. */
export function objectList(sql: Sql, resolve: ResolveKey, jwtSecret: string): Middleware {
  const secret = new TextEncoder().encode(jwtSecret);

  const list = (bucket: string, request: ListRequest, claims: JWTPayload | undefined) => {
    const claimed = String(claims?.['role']);
    const role = API_ROLES.includes(claimed) ? claimed : 'anon';
    const prefix = folderPrefix(request.prefix);
    const column = request.sortBy?.column ?? '';
    const pattern = `${(request.search ?? '').replace(/[%_\\]/g, '\\$&')}%`;
    return sql.begin(async (transaction) => {
      // row level security judges the caller, not us
      await transaction`select set_config('role', ${role}, true), set_config('request.jwt.claims', ${JSON.stringify(claims ?? { role })}, true),
        set_config('request.jwt.claim.sub', ${claims?.sub ?? ''}, true), set_config('request.jwt.claim.role', ${role}, true),
        set_config('storage.operation', 'storage.object.list', true)`;
      return transaction`
        with below as (
          select *, substr(name, ${prefix.length + 1}) as rest from storage.objects where bucket_id = ${bucket} and starts_with(name, ${prefix})
        ), found as (
          select * from below where rest ilike ${pattern}
        )
        select name, id, updated_at, created_at, last_accessed_at, metadata from (
          select split_part(rest, '/', 1) as name, null::uuid as id, null::timestamptz as updated_at, null::timestamptz as created_at,
            null::timestamptz as last_accessed_at, null::jsonb as metadata, 0 as rank
          from found where position('/' in rest) > 0 group by 1
          union all
          select rest, id, updated_at, created_at, last_accessed_at, metadata, 1 from found where position('/' in rest) = 0 and rest <> ''
        ) entries
        order by rank, ${transaction(SORTABLE.includes(column) ? column : 'name')} ${/^desc$/i.test(request.sortBy?.order ?? '') ? transaction`desc` : transaction`asc`}, name
        limit ${request.limit ?? 100} offset ${request.offset ?? 0}`;
    });
  };

  return async (context, next) => {
    const [, bucket] = /^\/storage\/v1\/object\/list\/([^/]+)$/.exec(context.req.path) ?? [];
    if (bucket === undefined || context.req.method !== 'POST') return next();
    let claims: JWTPayload | undefined;
    try {
      claims = await callerClaims(context, resolve, secret);
    } catch {
      return context.json({ statusCode: '401', error: 'InvalidJWT', message: 'Invalid JWT' }, 400);
    }
    return context.json(await list(decodeURIComponent(bucket), await context.req.json<ListRequest>(), claims));
  };
}
