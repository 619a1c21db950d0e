import { createClient } from '@supabase/supabase-js';
import type { SupabaseClient } from '@supabase/supabase-js';
import type { Body, User } from '../acceptance/scenario';
import { api, signUpUser, target } from '../support';
import { describeWith, runPython } from '../support/python';
import { fillEveryTable, TABLES } from './rows';

const PYTHON = `
import json, sys
from supabase import create_client
url, key, email, password, tables = json.loads(sys.argv[1])
client = create_client(url, key)
signed_in = client.auth.sign_in_with_password({"email": email, "password": password})
rows = {table: client.table(table).select("*").execute().data for table in tables}
bucket = next((f for f in rows["files"] if f["storage_path"]), None)
content = client.storage.from_(bucket["storage_bucket"]).download(bucket["storage_path"]) if bucket else b""
refreshed = client.auth.refresh_session(signed_in.session.refresh_token)
again = client.table("sessions").select("id").execute().data
print(json.dumps({"user": signed_in.user.id, "rows": rows, "bytes": len(content), "token": refreshed.session.access_token, "again": len(again)}))
`;

let owner: User;
let stranger: User;
let session: string;
beforeAll(async () => {
  [owner, stranger] = await Promise.all([signUpUser(), signUpUser()]);
  session = await fillEveryTable(owner);
}, 120_000);

const mentionsOwner = (rows: unknown): boolean => JSON.stringify(rows).includes(session) || JSON.stringify(rows).includes(owner.id);

describe('supabase-js with the publishable key', () => {
  async function signedIn({ email, password }: User): Promise<SupabaseClient> {
    const { url, publishableKey } = target().supabase;
    const client = createClient(url, publishableKey, { auth: { persistSession: false, autoRefreshToken: false } });
    const { error } = await client.auth.signInWithPassword({ email, password });
    if (error) throw error;
    return client;
  }

  it.each(TABLES)('shows a user who signs in with his password his rows of %s, and a second user none of them', async (table) => {
    const [mine, his] = await Promise.all([owner, stranger].map(async (user) => (await signedIn(user)).from(table).select('*')));
    expect([mine!.error, his!.error]).toEqual([null, null]);
    expect(mine!.data!.length).toBeGreaterThan(0);
    expect(mentionsOwner(his!.data)).toBe(false);
  });

  it('refuses a wrong password', async () => {
    await expect(signedIn({ ...owner, password: 'wrong' })).rejects.toMatchObject({ name: 'AuthApiError', status: 400 });
  });

  it('refreshes its token; the new one is good for the tables and for the API', async () => {
    const client = await signedIn(owner);
    const before = (await client.auth.getSession()).data.session!;
    const { data, error } = await client.auth.refreshSession();
    expect(error).toBeNull();
    expect(data.session!.refresh_token).not.toBe(before.refresh_token);
    expect(data.user!.id).toBe(owner.id);
    expect((await client.from('sessions').select('id')).data).toEqual([{ id: session }]);
    expect((await api(data.session!.access_token).get('/list-sessions')).body).toMatchObject({ total_count: 1 });
  });
});

describeWith('contract')('supabase for Python', () => {
  interface Seen {
    user: string;
    rows: Record<string, Body[]>;
    bytes: number;
    token: string;
    again: number;
  }
  const seenBy = ({ email, password }: User): Seen => {
    const { url, publishableKey } = target().supabase;
    return runPython<Seen>('contract', PYTHON, [JSON.stringify([url, publishableKey, email, password, TABLES])]);
  };

  it('shows a user his rows of every table and the bytes of his files, and refreshes his token', async () => {
    const seen = seenBy(owner);
    expect(seen.user).toBe(owner.id);
    expect(Object.entries(seen.rows).filter(([, rows]) => rows.length === 0)).toEqual([]);
    expect(seen.bytes).toBe(seen.rows['files']!.find((file) => file['storage_path'])!['size_bytes']);
    expect(seen.again).toBe(1);
    expect((await api(seen.token).get('/list-sessions')).body).toMatchObject({ total_count: 1 });
  });

  it('shows a second user nothing of the first', () => {
    const seen = seenBy(stranger);
    expect(mentionsOwner(seen.rows)).toBe(false);
    expect(Object.entries(seen.rows).flatMap(([table, rows]) => (rows.length > 0 ? [table] : []))).toEqual(['user_subscriptions']);
  });
});
