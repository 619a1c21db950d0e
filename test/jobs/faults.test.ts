/** What the routes do when the parts behind them fail: storage refuses, a workflow does not end. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createApp } from '../../src/api/app';
import { stopActiveJob } from '../../src/api/sessions/stopJob';
import { createStore } from '../../src/store';
import { createWorkflows } from '../../src/temporal';
import { PIPELINE_QUEUE } from '../../src/workflows/queues';
import { hourlyCsv } from '../acceptance/scenario';
import { testConfig } from '../realtime/client';
import { closeDatabase, newOwner, newSession, openStore, sql, trainingStart } from '../store/support';
import { supabaseThat } from '../support/brokenSupabase';

const log = pino({ level: 'silent' });
const emit = () => Promise.resolve();
const store = openStore();
const workflows = createWorkflows(testConfig(), store, log);
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) server.closeAllConnections();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  await workflows.client.connection.close();
  await closeDatabase();
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An API of its own for one caller, whose tokens the stack has signed with a secret it keeps. */
async function apiOn(supabaseUrl: string, caller: string): Promise<string> {
  const config = { ...testConfig(), SUPABASE_URL: supabaseUrl };
  const verifyToken = () => Promise.resolve({ userId: caller, expiresAt: Date.now() / 1000 + 60 });
  const handle = createApp({ config, log, store: createStore(config), workflows, emit, verifyToken }).callback();
  return listening(
    createServer((request, response) => {
      handle(request, response).catch(() => response.destroy());
    }),
  );
}

it('a file that storage does not take leaves no row, no upload and no charge', async () => {
  const owner = await newOwner(store);
  const sessionId = await newSession(owner);
  const supabase = await supabaseThat((path) => (path.startsWith('/storage/') ? { status: 503 } : undefined));
  const base = await apiOn(supabase.url, owner.id);
  const form = new FormData();
  form.set('sessionId', sessionId);
  form.set('file', new Blob([new Uint8Array(hourlyCsv('a', 50, (i) => i))]), 'a.csv');
  const answer = await fetch(`${base}/api/training/csv-files`, {
    method: 'POST',
    body: form,
    headers: { Authorization: `Bearer ${owner.token}` },
  });
  expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
    503,
    '5',
    { success: false, code: 'STORAGE_UNAVAILABLE', error: expect.any(String) as string },
  ]);
  for (const table of ['files', 'uploads'])
    expect(await sql(`select 1 from public.${table} where session_id = $1`, [sessionId])).toEqual([]);
  expect(await sql('select 1 from public.usage_charges where user_id = $1', [owner.id])).toEqual([]);
  await supabase.stop();
});

it('a job whose workflow does not end in time is terminated, and its session can be deleted', async () => {
  const owner = await newOwner(store);
  const sessionId = await newSession(owner);
  const start = trainingStart(owner, sessionId);
  await store.service.beginJob(start);
  await store.service.openRun(start.job.runId, 'deaf');
  // any workflow that does not know the signal will do
  const deaf = await workflows.client.workflow.start('uploadSessionWorkflow', {
    workflowId: start.workflowId,
    taskQueue: PIPELINE_QUEUE,
    args: [{ sessionId, userId: owner.id }],
  });
  expect((await owner.store.deleteSession(sessionId)).activeJob).toMatchObject({ workflow_id: start.workflowId });

  await stopActiveJob({ store, workflows, emit, log }, { mine: owner.store }, sessionId, 500);
  expect((await deaf.describe()).status.name).toBe('TERMINATED');
  expect(await store.service.run(start.job.runId)).toMatchObject({ status: 'cancelled' });
  expect(await owner.store.deleteSession(sessionId)).toMatchObject({ found: true, activeJob: null });
});
