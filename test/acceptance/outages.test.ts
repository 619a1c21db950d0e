/** What every route answers when a part behind the API is away: an API process of its own, joined to the stack but for one part. */
import { api, endpoints, signUpUser, useEndpoints, waitFor } from '../support';
import { supabaseThat } from '../support/brokenSupabase';
import type { Proxy, Refusal } from '../support/brokenSupabase';
import { describeWith } from '../support/offers';
import { startApi } from '../support/ownApi';
import type { OwnApi } from '../support/ownApi';
import { behindToken } from './calls';
import { chunkForm, hourlyCsv, openSession, trainedSession, trainingEnd } from './scenario';
import type { Answer, Body, User } from './scenario';

const NOWHERE = '127.0.0.1:9'; // the discard port: nothing listens there
const REASON = 'relation "secret_table" does not exist';
const csv = hourlyCsv('a', 50, (i) => i);

let user: User;
let session: string;
let file: string;
let own: OwnApi | undefined;
let proxy: Proxy | undefined;

async function start(changes: Record<string, string>): Promise<void> {
  own = await startApi(changes);
  useEndpoints({ ...endpoints(), api: own.url });
}

async function startBehind(refuse: (path: string) => Refusal | undefined): Promise<void> {
  proxy = await supabaseThat(refuse);
  await start({ SUPABASE_URL: proxy.url });
}

/** Back to the whole stack. */
async function stop(): Promise<void> {
  useEndpoints(endpoints());
  await own?.stop();
  await proxy?.stop();
  [own, proxy] = [undefined, undefined];
}

const contents = async (): Promise<unknown> => (await api(user.token).get(`/session/${session}/database`)).body['session'];

/** All requests at once, since some wait for a part that does not come. All refuse in one way, and tell nothing of the cause. */
async function expectRefused(requests: readonly (readonly [string, () => Promise<Answer>])[], status: number, code: string): Promise<void> {
  const answers = await Promise.all(
    requests.map(async ([title, send]) => {
      const { status: answered, body, headers } = await send();
      const text = JSON.stringify(body);
      for (const secret of [NOWHERE, 'ECONNREFUSED', 'secret_table'])
        expect([title, text]).toEqual([title, expect.not.stringContaining(secret)]);
      return [title, answered, body?.['code'], headers.get('retry-after')];
    }),
  );
  expect(answers).toEqual(requests.map(([title]) => [title, status, code, status === 503 ? '5' : null]));
}

const everyRoute = (): [string, () => Promise<Answer>][] =>
  behindToken.map(({ title, send, names }) => [title, () => send(user, names === 'file' ? file : session)]);

const uploads = (fileName: string, sessionId: string): [string, () => Promise<Answer>][] => [
  ['POST /upload-chunk', () => api(user.token).form('/upload-chunk', chunkForm({ sessionId, fileName: `1-${fileName}`, bytes: csv }, 0))],
  [
    'POST /csv-files',
    () => {
      const form = new FormData();
      form.set('sessionId', sessionId);
      form.set('file', new Blob([new Uint8Array(csv)]), `2-${fileName}`);
      return api(user.token).form('/csv-files', form);
    },
  ],
];

describeWith('processes')('an outage', () => {
  beforeAll(async () => {
    user = await signUpUser();
    session = await trainedSession(user);
    file = ((await api(user.token).get<Body>(`/csv-files/${session}`)).body['data'] as Body[])[0]!['id'] as string;
  }, 60_000);
  afterEach(stop);

  it('of the database is a 503 of every route, and leaves everything as it was', async () => {
    const before = await contents();
    await start({ SUPABASE_URL: `http://${NOWHERE}` });
    await expectRefused(everyRoute(), 503, 'DATABASE_UNAVAILABLE');
    await stop();
    expect(await contents()).toEqual(before);
  }, 60_000);

  it('that is an error of the database nobody foresaw is a 500 of every route and leaves everything as it was', async () => {
    const before = await contents();
    await startBehind((path) => (path.startsWith('/rest/') ? { status: 400, body: { code: '42P01', message: REASON } } : undefined));
    await expectRefused(everyRoute(), 500, 'INTERNAL_ERROR');
    await stop();
    expect(await contents()).toEqual(before);
  }, 60_000);

  it('of the address of the keys is a 503 of every route', async () => {
    await start({ SUPABASE_JWT_SECRET: '', SUPABASE_JWKS_URL: `http://${NOWHERE}/jwks` });
    await expectRefused(everyRoute(), 503, 'AUTH_UNAVAILABLE');
  }, 60_000);

  it('for want of any key for tokens is a 500 of every route', async () => {
    await start({ SUPABASE_JWT_SECRET: '' });
    await expectRefused(everyRoute(), 500, 'AUTH_MISCONFIGURED');
  }, 60_000);

  it('is told by /ready and is nothing to /health', async () => {
    for (const [changes, code, checks] of [
      [{ SUPABASE_URL: `http://${NOWHERE}` }, 'DATABASE_UNAVAILABLE', { supabase: { ok: false }, temporal: { ok: true } }],
      [{ TEMPORAL_ADDRESS: NOWHERE }, 'WORKFLOW_UNAVAILABLE', { supabase: { ok: true }, temporal: { ok: false } }],
    ] as const) {
      await start(changes);
      expect(await api().get('/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
      const ready = await api().get<Body>('/ready');
      expect(ready).toMatchObject({ status: 503, body: { success: false, code, status: 'not_ready', checks } });
      expect(JSON.stringify(ready.body)).not.toContain(NOWHERE);
      await stop();
    }
  }, 60_000);

  it('of storage is a 503 of the routes that read or write objects; nothing half done stays', async () => {
    const empty = await openSession(user);
    await startBehind((path) => (path.startsWith('/storage/') ? { status: 503 } : undefined));
    const http = api(user.token);
    const requests: [string, () => Promise<Answer>][] = [
      ...uploads('a.csv', empty),
      ['GET /results', () => http.get(`/results/${session}?include=arrays`)],
      ['GET /get-training-results', () => http.get(`/get-training-results/${session}?include=arrays`)],
      ['GET /download-model-h5', () => http.get(`/download-model-h5/${session}`)],
      ['GET /download-arrays', () => http.get(`/download-arrays/${session}`)],
      ['POST /save-model', () => http.post(`/save-model/${session}`)],
      ['POST /generate-plot', () => http.post('/generate-plot', { session_id: session, df_plot_out: { OT: true } })],
      ['POST /predict', () => http.post(`/predict/${session}`, { input_data: Array.from({ length: 13 }, () => [1, 2]) })],
      ['POST /scale-data', () => http.post(`/scale-data/${session}`, { input_data: [[1, 2]], save_scaled: true })],
      ['POST /generate-datasets', () => http.post(`/generate-datasets/${session}?format=svg`, {})],
    ];
    await expectRefused(requests, 503, 'STORAGE_UNAVAILABLE');
    await stop();
    const { body } = await api(user.token).get<Body>(`/session/${empty}`);
    expect(body['session']).toMatchObject({ files: [], uploads: [] });
  }, 60_000);

  it('of Temporal is a 503 of the routes that wait for a workflow; sent again, they succeed', async () => {
    const fresh = await openSession(user);
    await start({ TEMPORAL_ADDRESS: NOWHERE });
    const requests: [string, () => Promise<Answer>][] = [
      ...uploads('b.csv', fresh),
      ['POST /finalize-session', () => api(user.token).post('/finalize-session', { sessionId: session })],
    ];
    await expectRefused(requests, 503, 'WORKFLOW_UNAVAILABLE');
    await stop();
    for (const [title, send] of requests) expect([title, (await send()).status]).toEqual([title, 200]);
    expect((await api(user.token).get(`/csv-files/${fresh}`)).body['data']).toHaveLength(2);
  }, 60_000);

  it('of Temporal does not keep a training from being accepted; it cannot be stopped meanwhile, and begins afterwards', async () => {
    await start({ TEMPORAL_ADDRESS: NOWHERE });
    const http = api(user.token);
    const started = await http.post<Body>(`/train-models/${session}`, { model_parameters: { MODE: 'LIN' } });
    expect(started).toMatchObject({ status: 200, body: { success: true } });
    expect((await http.get(`/status/${session}`)).body).toMatchObject({ status: 'queued', run_id: started.body['runId'] });
    await expectRefused(
      [
        ['POST /cancel-training', () => http.post(`/cancel-training/${session}`)],
        ['DELETE /csv-files', () => http.delete(`/csv-files/${file}?force=true`)],
        ['POST /session/delete', () => http.post(`/session/${session}/delete?force=true`)],
        ['POST /delete-all-sessions', () => http.post('/delete-all-sessions?force=true', { confirm_delete_all: true })],
      ],
      503,
      'WORKFLOW_UNAVAILABLE',
    );
    await stop();
    await waitFor(async () => (await api(user.token).get(`/status/${session}`)).body['status'] !== 'queued', 20_000);
    expect(await trainingEnd(user, session)).toMatchObject({ status: 'completed', run_id: started.body['runId'] });
  }, 90_000);
});
