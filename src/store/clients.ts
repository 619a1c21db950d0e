/** Supabase clients: one with the service role for the process, one per JWT for callers. Every request has a deadline. */
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';
import type { Config } from '../config';
import { databaseFailure } from './errors';
import { fetchText } from './fetchText';

// supabase-js 2.109 constructs its realtime part eagerly and throws without a WebSocket, which Node 20 does not have
globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket;

/** A database call that takes longer is a fault: the slowest function, deleting all sessions of a user, stays below 5 s. */
const DATABASE_TIMEOUT_MS = 15_000;
/** Removing 500 objects in one request; objects themselves travel by transfer.ts. */
const STORAGE_TIMEOUT_MS = 2 * 60_000;
/** JWTs live an hour; a client costs about 20 kB. */
const MAX_USER_CLIENTS = 500;

/** The tables as supabase-js sees them: every row is typed where it is read, from types.ts. */
interface AnyTable {
  Row: Record<string, unknown>;
  Insert: Record<string, unknown>;
  Update: Record<string, unknown>;
  Relationships: [];
}
interface Schema {
  public: {
    Tables: Record<string, AnyTable>;
    Views: Record<never, never>;
    Functions: Record<string, { Args: Record<string, unknown>; Returns: unknown }>;
  };
}
export type Client = SupabaseClient<Schema>;
export type Database = Pick<Client, 'from' | 'rpc'>;
export type Credentials = Pick<Config, 'SUPABASE_URL' | 'SUPABASE_ANON_KEY' | 'SUPABASE_SERVICE_ROLE_KEY'>;

/**
 * The fetch of supabase-js, with a deadline by kind of request; the caller's own signal stays in force. Texts, which is all that travels here
 * (objects go by transfer.ts), take Node's own HTTP client: half the processor time.
 */
export const timedFetch: typeof fetch = async (input, init = {}) => {
  const url = input instanceof Request ? input.url : String(input);
  const deadline = AbortSignal.timeout(url.includes('/storage/v1/') ? STORAGE_TIMEOUT_MS : DATABASE_TIMEOUT_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  const { method = 'GET', body = null } = init;
  if (input instanceof Request || (body !== null && typeof body !== 'string')) return fetch(input, { ...init, signal });
  return fetchText(url, { method, headers: new Headers(init.headers), body, signal });
};

export function serviceClient({ SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY }: Credentials): Client {
  return createClient<Schema>(SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: timedFetch },
  });
}

/** Clients by JWT, the most recently used kept, so that a polling frontend does not build one per request. */
export function userClients({ SUPABASE_URL, SUPABASE_ANON_KEY }: Credentials): (jwt: string) => Client {
  const clients = new Map<string, Client>();
  return (jwt) => {
    const known = clients.get(jwt);
    const client =
      known ??
      createClient<Schema>(SUPABASE_URL, SUPABASE_ANON_KEY, { accessToken: () => Promise.resolve(jwt), global: { fetch: timedFetch } });
    // a Map keeps the order of insertion: re-inserting marks the client as the newest
    clients.delete(jwt);
    clients.set(jwt, client);
    if (clients.size > MAX_USER_CLIENTS) clients.delete(clients.keys().next().value as string);
    return client;
  };
}

interface Answer {
  data: unknown;
  error: { code?: string; message: string } | null;
  status: number;
}

/** The data of a PostgREST answer. @throws StoreUnavailable, StoreError */
export async function answer<T>(query: PromiseLike<Answer>): Promise<T> {
  const { data, error, status } = await query;
  if (error) throw databaseFailure(error, status);
  return data as T;
}

/** Calls a function of data-model.md 5. */
export const call = <T>(database: Database, name: string, args: Record<string, unknown>): Promise<T> => answer<T>(database.rpc(name, args));

/** PostgREST cuts every answer at its row limit, silently. */
const PAGE_ROWS = 1000;

/** All rows of a query, page by page; `page` must order by a unique key. */
export async function allRows<T>(page: (from: number, to: number) => PromiseLike<Answer>): Promise<T[]> {
  const rows: T[] = [];
  for (;;) {
    const part = await answer<T[]>(page(rows.length, rows.length + PAGE_ROWS - 1));
    rows.push(...part);
    if (part.length < PAGE_ROWS) return rows;
  }
}

/** The row of a query that finds at most one. */
export const firstRow = async <T>(query: PromiseLike<Answer>): Promise<T | null> => (await answer<T[]>(query))[0] ?? null;
