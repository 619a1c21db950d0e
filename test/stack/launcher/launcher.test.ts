import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@supabase/supabase-js';
import { Client, Connection } from '@temporalio/client';
import { waitFor } from '../../support';
import { killAll, launch, launchAndWait, livingOf, removeStack, stop, temporaryFolder } from './launch';
import type { Launched } from './launch';

jest.setTimeout(180_000);

const BUCKET = 'kept';
const KEYS = { auth: { persistSession: false, autoRefreshToken: false } };

const client = ({ endpoints }: Launched) => createClient(endpoints().supabase.url, endpoints().supabase.serviceRoleKey, KEYS);

async function withTemporal<T>(stack: Launched, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: stack.endpoints().temporal.address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

/** Something of each kind that must survive: a user, an object, a workflow. */
async function leaveTraces(stack: Launched) {
  const supabase = client(stack);
  const email = `kept-${randomUUID()}@example.org`;
  const { error } = await supabase.auth.admin.createUser({ email, password: 'a long password', email_confirm: true });
  if (error) throw error;
  await supabase.storage.createBucket(BUCKET);
  const content = Buffer.alloc(300_000, 7);
  const sent = await supabase.storage.from(BUCKET).upload('a/b', content);
  if (sent.error) throw sent.error;
  const workflowId = `kept-${randomUUID()}`;
  await withTemporal(stack, (temporal) =>
    temporal.workflow.start('nobody', {
      workflowId,
      taskQueue: 'nobody',
      searchAttributes: { UserId: ['u'], SessionId: ['s'], ModelMode: ['LIN'] },
    }),
  );
  return { email, content, workflowId };
}

async function expectTraces(stack: Launched, { email, content, workflowId }: Awaited<ReturnType<typeof leaveTraces>>) {
  const supabase = client(stack);
  expect((await supabase.auth.admin.listUsers()).data.users.map((user) => user.email)).toContain(email);
  const object = await supabase.storage.from(BUCKET).download('a/b');
  expect(Buffer.from((await object.data?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(content)).toBe(true);
  const status = await withTemporal(stack, async (temporal) => (await temporal.workflow.getHandle(workflowId).describe()).status.name);
  expect(status).toBe('RUNNING');
}

describe('launcher', () => {
  let stateDir: string;
  beforeEach(() => {
    stateDir = temporaryFolder();
  });
  afterEach(() => removeStack(stateDir));

  it('keeps keys and addresses private, names everything a client needs, and leaves nothing behind', async () => {
    const stack = await launchAndWait(stateDir);
    for (const name of ['endpoints.json', 'secrets.json']) expect(statSync(path.join(stateDir, name)).mode & 0o777).toBe(0o600);
    const { supabase, temporal } = stack.endpoints();
    expect(Object.keys(supabase)).toEqual(['url', 'publishableKey', 'serviceRoleKey']);
    expect(Object.keys(temporal)).toEqual(['address', 'ui', 'namespace']);
    expect((await fetch(temporal.ui)).headers.get('content-type')).toContain('text/html');
    const pids = Object.values(stack.pids());
    expect(await stop(stack)).toBe(0);
    expect(livingOf(stateDir, pids)).toEqual([]);
    expect(existsSync(path.join(stateDir, 'endpoints.json'))).toBe(false);
  });

  it('loses nothing when every process is killed, and keeps its addresses', async () => {
    const first = await launchAndWait(stateDir);
    const traces = await leaveTraces(first);
    const before = first.endpoints();
    killAll([first.child.pid ?? 0, ...livingOf(stateDir, Object.values(first.pids()))]);
    await first.exited;
    const second = await launchAndWait(stateDir);
    expect(second.endpoints()).toEqual(before);
    await expectTraces(second, traces);
    expect(await stop(second)).toBe(0);
  });

  it('a killed launcher leaves no process: a start right after it serves the same data', async () => {
    const first = await launchAndWait(stateDir);
    const traces = await leaveTraces(first);
    const orphans = Object.values(first.pids());
    first.child.kill('SIGKILL');
    await first.exited;
    const second = await launchAndWait(stateDir);
    expect(livingOf(stateDir, orphans).filter((pid) => orphans.includes(pid))).toEqual([]);
    await expectTraces(second, traces);
    second.child.kill('SIGKILL');
    await second.exited;
    await waitFor(() => livingOf(stateDir).length === 0, 20_000); // nobody started it again: its warden ends everything
  });

  it.each(['postgres', 'supabase', 'temporal'])('brings %s back when it is killed', async (part) => {
    const stack = await launchAndWait(stateDir);
    const traces = await leaveTraces(stack);
    const killed = stack.pids()[part] ?? 0;
    killAll([killed]);
    await waitFor(() => stack.pids()[part] !== undefined && stack.pids()[part] !== killed, 30_000);
    const { url, publishableKey } = stack.endpoints().supabase;
    await waitFor(async () => (await fetch(`${url}/auth/v1/health`, { headers: { apikey: publishableKey } })).ok, 60_000);
    await waitFor(async () => {
      await expectTraces(stack, traces);
      return true;
    }, 60_000);
    expect(stack.child.exitCode).toBeNull();
    expect(await stop(stack)).toBe(0);
  });

  it('a failing migration stops everything, is named, and is undone as a whole', async () => {
    const folder = path.join(stateDir, 'migrations');
    mkdirSync(folder);
    const file = path.join(folder, '20260101000000_broken.sql');
    writeFileSync(file, 'create table public.half (id int); select * from nowhere;');
    const failing = launch(stateDir, { env: { MIGRATIONS_FOLDER: folder } });
    expect(await failing.exited).toBe(1);
    expect(failing.output()).toContain('Migration 20260101000000_broken.sql failed');
    expect(livingOf(stateDir)).toEqual([]);
    expect(existsSync(path.join(stateDir, 'endpoints.json'))).toBe(false);
    // repaired, it runs: nothing of the first try is in the way
    writeFileSync(file, readFileSync(file, 'utf8').replace('select * from nowhere;', 'grant select on public.half to anon;'));
    writeFileSync(path.join(folder, '20260101000001_rest.sql'), 'create function public.noop() returns void language sql as $$ $$;');
    const repaired = launch(stateDir, { env: { MIGRATIONS_FOLDER: folder } });
    await waitFor(() => repaired.output().includes('Migrations applied: 20260101000000_broken.sql, 20260101000001_rest.sql'), 60_000);
    repaired.child.kill('SIGTERM');
    await repaired.exited;
  });

  it('two stacks run side by side, and a second one in the same folder is refused', async () => {
    const other = temporaryFolder();
    try {
      const [one, two] = await Promise.all([launchAndWait(stateDir), launchAndWait(other)]);
      expect(one.endpoints().supabase.url).not.toBe(two.endpoints().supabase.url);
      const third = launch(stateDir);
      expect(await third.exited).toBe(1);
      expect(third.output()).toContain('A stack runs already');
      expect((await client(one).auth.admin.listUsers()).error).toBeNull();
      expect(await Promise.all([stop(one), stop(two)])).toEqual([0, 0]);
    } finally {
      await removeStack(other);
    }
  });

  it('runs below a folder that only its owner may enter', async () => {
    const closed = mkdtempSync(path.join(stateDir, 'closed-'));
    chmodSync(closed, 0o700);
    const stack = await launchAndWait(path.join(closed, 'state'), { only: 'postgres' });
    expect(await stop(stack)).toBe(0);
    const again = await launchAndWait(path.join(closed, 'state'), { only: 'postgres' });
    expect(await stop(again)).toBe(0);
  });

  it('says which given port is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const stack = launch(stateDir, { env: { SUPABASE_PORT: String(port) } });
      expect(await stack.exited).toBe(1);
      expect(stack.output()).toContain(`Port ${port} (SUPABASE_PORT) is in use`);
    } finally {
      server.close();
    }
  });

  it('ends cleanly when it is asked to while it starts', async () => {
    const stack = launch(stateDir);
    await waitFor(() => stack.output().includes('[postgres]'), 60_000);
    stack.child.kill('SIGINT');
    expect(await stack.exited).toBe(0);
    await sleep(200);
    expect(livingOf(stateDir)).toEqual([]);
  });

  describe('given parts', () => {
    it('puts the Supabase server on a given PostgreSQL, and leaves a given Temporal alone', async () => {
      const owner = await launchAndWait(stateDir);
      const guestDir = temporaryFolder();
      try {
        const { databaseUrl, temporal } = owner.endpoints();
        const guest = await launchAndWait(guestDir, {
          env: { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_UI_URL: temporal.ui },
        });
        expect(Object.keys(guest.pids()).sort()).toEqual(['launcher', 'supabase']);
        expect(guest.endpoints()).toMatchObject({ databaseUrl, temporal });
        const traces = await leaveTraces(owner);
        expect((await client(guest).auth.admin.listUsers()).data.users.map((user) => user.email)).toContain(traces.email);
        expect(await stop(guest)).toBe(0);
        expect((await client(owner).auth.admin.listUsers()).error).toBeNull();
        expect(await stop(owner)).toBe(0);
      } finally {
        await removeStack(guestDir);
      }
    });

    it.each([
      ['Temporal', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'Temporal at 127.0.0.1:1 does not answer'],
      ['PostgreSQL', { DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' }, 'ECONNREFUSED 127.0.0.1:1'],
    ])('says that a given %s does not answer', async (_, env, sentence) => {
      const stack = launch(stateDir, { env, only: 'supabase,pipeline' });
      expect(await stack.exited).toBe(1);
      expect(stack.output()).toContain(sentence);
      expect(livingOf(stateDir)).toEqual([]);
    });

    it('names what is missing beside SUPABASE_URL', async () => {
      const stack = launch(stateDir, { env: { SUPABASE_URL: 'http://127.0.0.1:1', SUPABASE_ANON_KEY: 'x' } });
      expect(await stack.exited).toBe(1);
      expect(stack.output()).toContain('SUPABASE_URL needs SUPABASE_SERVICE_ROLE_KEY, DATABASE_URL beside it');
    });
  });
});
