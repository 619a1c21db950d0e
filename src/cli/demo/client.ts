import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import WebSocket from 'ws';
import type { FullEndpoints } from '../joinOrStartStack';

/** What a user's frontend has: a token and two addresses. */
export interface DemoClient {
  email: string;
  token: string;
  apiUrl: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  postForm<T>(path: string, form: FormData): Promise<T>;
  download(path: string): Promise<{ filename: string; bytes: Buffer }>;
}

const REQUEST_TIMEOUT_MS = 620_000; // generate-datasets answers within its own `wait`, at most 600 s

/** Signs up a new user at the Supabase-compatible API and speaks to the Lastgang API with that user's token. */
export async function signUpDemoUser(endpoints: FullEndpoints): Promise<DemoClient> {
  globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket; // supabase-js wants one on Node 20
  const supabase = createClient(endpoints.supabase.url, endpoints.supabase.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const email = `demo-${randomUUID().slice(0, 8)}@example.com`;
  const { data, error } = await supabase.auth.signUp({ email, password: randomUUID() });
  if (error || !data.session) throw new Error(`the sign-up of ${email} was refused: ${error?.message ?? 'no session'}`);
  return connect(endpoints.api, email, data.session.access_token);
}

function connect(apiUrl: string, email: string, token: string): DemoClient {
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(`${apiUrl}/api/training${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (response.ok) return response;
    const body = (await response.json().catch(() => ({}))) as { error?: string; code?: string; details?: { message: string }[] };
    const findings = body.details?.map((finding) => finding.message).join('; ');
    throw new Error(
      `${init.method ?? 'GET'} ${path} answered ${response.status} ${body.code ?? ''}: ${body.error ?? 'no reason given'}${findings ? ` (${findings})` : ''}`,
    );
  };
  const json = async <T>(path: string, init: RequestInit): Promise<T> => (await (await call(path, init)).json()) as T;
  return {
    email,
    token,
    apiUrl,
    get: (path) => json(path, {}),
    post: (path, body) => json(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    postForm: (path, form) => json(path, { method: 'POST', body: form }),
    async download(path) {
      const response = await call(path, {});
      const filename = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
      if (!filename) throw new Error(`GET ${path} named no file`);
      return { filename, bytes: Buffer.from(await response.arrayBuffer()) };
    },
  };
}
