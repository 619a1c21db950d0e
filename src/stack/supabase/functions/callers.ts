/** On whose behalf a function is called, by the request's key and token. */
import type { IncomingHttpHeaders } from 'node:http';
import { jwtVerify } from 'jose';
import type { SupabaseSettings } from '../settings';
import { carriesToken } from '../requests';

/** Verifying one again takes longer than the function it calls. */
const MAX_TOKENS = 1000;

/** What PostgreSQL is told about a caller; the names are those that `auth.uid()` and `auth.role()` read. */
export type CallerSettings = Record<'role' | 'request.jwt.claims' | 'request.jwt.claim.role' | 'request.jwt.claim.sub', string>;

export const settingsOf = (role: string, claims: object, subject = ''): CallerSettings => ({
  role,
  'request.jwt.claims': JSON.stringify(claims),
  'request.jwt.claim.role': role,
  'request.jwt.claim.sub': subject,
});

export type Caller = { kind: 'service' } | { kind: 'user'; settings: CallerSettings };

interface SignedIn {
  caller: Caller;
  /** seconds since 1970: issued, expired */
  from: number;
  until: number;
}

/** @returns null for everybody but the service and signed-in users: lite says what is wrong with their key or token */
export function createCallers(settings: SupabaseSettings): (headers: IncomingHttpHeaders) => Promise<Caller | null> {
  const isService = carriesToken(settings.SUPABASE_SERVICE_ROLE_KEY);
  const secret = new TextEncoder().encode(settings.SUPABASE_JWT_SECRET);
  /** what a token says stays the same: only whether its time has come, or is over, is asked each time */
  const verified = new Map<string, SignedIn>();

  return async (headers) => {
    if (isService(headers)) return { kind: 'service' };
    const [, token] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    if (token === undefined || headers['apikey'] !== settings.SUPABASE_ANON_KEY) return null;
    const user = verified.get(token) ?? (await verify(token));
    return user && user.from <= Date.now() / 1000 && Date.now() / 1000 < user.until ? user.caller : null;
  };

  async function verify(token: string): Promise<SignedIn | null> {
    const claims = await jwtVerify(token, secret, { algorithms: ['HS256'] }).then(
      ({ payload }) => payload,
      () => null,
    );
    if (claims?.['role'] !== 'authenticated' || claims.sub === undefined) return null;
    const caller: Caller = { kind: 'user', settings: settingsOf('authenticated', claims, claims.sub) };
    const user = { caller, from: claims.iat ?? 0, until: claims.exp ?? Infinity };
    verified.set(token, user);
    if (verified.size > MAX_TOKENS) verified.delete(verified.keys().next().value as string);
    return user;
  }
}
