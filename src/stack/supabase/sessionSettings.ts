/**
 * What lite tells PostgreSQL about each request before its query, in one statement each. lite sends a statement, and waits for its answer, for
 * every single setting: ten of the sixteen round trips of a function call.
 */
import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';

type Transaction = Kysely<unknown>;

/** Whom a request comes from, as lite has read it from key and token. */
interface RequestContext {
  auth?: { role?: string; uid?: string | null; jwt?: unknown };
  storage?: { operation?: string };
}

/** What functions may read about the request that calls them. */
interface RpcRequest {
  method: string;
  path: string;
  requestHeaders?: Record<string, string>;
}

/** Members of lite's connection that are not public, as of 0.10.0; the contract tests tell when they change. */
export interface SettingsOfLite {
  applyJwtSessionContext(transaction: Transaction, context: RequestContext): Promise<void>;
  applyRpcRequestGucs(transaction: Transaction, request: RpcRequest): Promise<void>;
}

/** Settings hold until the end of the transaction; `role` is what `SET LOCAL ROLE` sets as well. */
async function set(transaction: Transaction, settings: Record<string, string>): Promise<void> {
  const calls: RawBuilder<unknown>[] = Object.entries(settings).map(([name, value]) => sql`set_config(${name}, ${value}, true)`);
  await sql`select ${sql.join(calls)}`.execute(transaction);
}

export const FEW_STATEMENTS: SettingsOfLite = {
  applyJwtSessionContext(transaction, { auth, storage }) {
    const role = auth?.role ?? 'anon';
    const isToken = typeof auth?.jwt === 'object' && auth.jwt !== null;
    return set(transaction, {
      role,
      'request.jwt.claim.sub': auth?.uid ?? '',
      'request.jwt.claim.role': role,
      'storage.operation': storage?.operation ?? '',
      ...(isToken && { 'request.jwt.claims': JSON.stringify(auth.jwt) }),
    });
  },

  applyRpcRequestGucs: (transaction, { method, path, requestHeaders }) =>
    set(transaction, {
      'response.status': '',
      'response.headers': '',
      'request.method': method,
      'request.path': path,
      'request.headers': JSON.stringify(requestHeaders ?? {}),
    }),
};
