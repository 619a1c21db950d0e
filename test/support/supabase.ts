import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';
import { target } from './endpoints';

// supabase-js wants a WebSocket at creation, which Node 20 does not have
globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket;

const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };

export interface TestUser {
  id: string;
  email: string;
  password: string;
  token: string;
  /** acts as this user: row level security applies */
  client: SupabaseClient;
}

/** A client with the publishable key; with a token it acts as that user. */
export function supabaseClient(token?: string): SupabaseClient {
  const { url, publishableKey } = target().supabase;
  return createClient(url, publishableKey, {
    auth,
    ...(token === undefined ? {} : { global: { headers: { Authorization: `Bearer ${token}` } } }),
  });
}

/** A client with the service-role key: no row level security. */
export function serviceClient(): SupabaseClient {
  const { url, serviceRoleKey } = target().supabase;
  return createClient(url, serviceRoleKey, { auth });
}

/** Signs up a new user with an address of his own. */
export async function signUpUser(): Promise<TestUser> {
  const email = `user-${randomUUID()}@example.org`;
  const password = `Secret-${randomUUID()}`;
  const { data, error } = await supabaseClient().auth.signUp({ email, password });
  if (error) throw error;
  if (!data.user || !data.session) throw new Error('sign-up answered without a session');
  const token = data.session.access_token;
  return { id: data.user.id, email, password, token, client: supabaseClient(token) };
}
