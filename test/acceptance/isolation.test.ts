/** Two users × every route that names a session or a file × every form of its id. The routes come from docs/openapi.json. */
import { api, signUpUser } from '../support';
import { calls } from './calls';
import type { Call } from './calls';
import { LONG_TRAINING, smallSession, startTraining, trainedSession, trainingEnd } from './scenario';
import type { Body, User } from './scenario';

const titled = (names: Call['names']): [string, Call][] => calls.filter((call) => call.names === names).map((call) => [call.title, call]);

let owner: User;
let stranger: User;
let session: string;
let uuid: string;
let file: string;
let before: unknown;

beforeAll(async () => {
  [owner, stranger] = await Promise.all([signUpUser(), signUpUser()]);
  session = await trainedSession(owner);
  const { body } = await api(owner.token).get<Body>(`/session/${session}/database`);
  uuid = body['session'].databaseSessionId as string;
  file = body['session'].files[0].id as string;
  before = await everything();
}, 120_000);

/** All the owner can see of his session; links to objects differ from one answer to the next. */
async function everything(): Promise<unknown> {
  const paths = [
    'session',
    'session-status',
    'results-summary',
    'status',
    'get-time-info',
    'evaluation-tables',
    'list-models-database',
    'visualizations',
  ];
  const answers = await Promise.all(
    [...paths.map((path) => `/${path}/${session}`), `/session/${session}/database`, `/csv-files/${session}`].map((path) =>
      api(owner.token).get(path),
    ),
  );
  return answers.map(({ status, body }) => [
    status,
    JSON.parse(JSON.stringify(body).replace(/"(url|expires_at)":"[^"]*"/g, '"$1":""')) as unknown,
  ]);
}

function expectRefusal({ status, body, headers }: Awaited<ReturnType<Call['send']>>, ref: string): void {
  expect([status, body['success'], body['code'], body['error']]).toEqual([403, false, 'FORBIDDEN', 'Access denied']);
  // what is known of the session and was not sent
  const text = JSON.stringify([body, [...headers]]).replaceAll(ref, '');
  for (const secret of [session, uuid, file, owner.id, 'HUFL.csv']) expect(text).not.toContain(secret);
}

describe('a session', () => {
  it.each(titled('session'))('is refused to a stranger by %s, under either id, and stays as it is', async (_, { send }) => {
    for (const ref of [session, uuid, uuid.toUpperCase()]) expectRefusal(await send(stranger, ref), ref);
    expect(await everything()).toEqual(before);
  });

  it('does not appear in what a stranger lists or deletes at large', async () => {
    expect((await api(stranger.token).get('/list-sessions')).body).toMatchObject({ sessions: [], total_count: 0 });
    expect((await api(stranger.token).post('/delete-all-sessions', { confirm_delete_all: true })).body).toMatchObject({
      message: 'No sessions found for this user',
    });
    expect(await everything()).toEqual(before);
  });

  it('cannot be read through its results: a model of it is none of a stranger’s session', async () => {
    const own = await trainedSession(stranger);
    const { body } = await api(owner.token).get<Body>(`/results/${session}`);
    const model = body['results'][0].id as string;
    for (const { status, body: answer } of [
      await api(stranger.token).get(`/results/${own}?model_id=${model}`),
      await api(stranger.token).post('/generate-plot', { session_id: own, model_id: model, df_plot_out: { OT: true } }),
    ])
      expect([status, answer['code']]).toEqual([404, 'RESULTS_NOT_FOUND']);
  }, 60_000);

  it('tells a stranger nothing of the job that runs in it', async () => {
    const busy = await smallSession(owner);
    await startTraining(owner, busy, LONG_TRAINING);
    for (const { operation, send, title } of calls.filter(({ names }) => names === 'session')) {
      if (operation.method === 'GET') continue;
      const { status, body } = await send(stranger, busy);
      expect([title, status, body['code'], 'workflowId' in body]).toEqual([title, 403, 'FORBIDDEN', false]);
    }
    expect((await api(stranger.token).post(`/session/${busy}/delete?force=true`)).status).toBe(403);
    expect((await api(owner.token).get(`/status/${busy}`)).body['status']).toMatch(/queued|running/);
    await api(owner.token).post(`/cancel-training/${busy}`);
    await trainingEnd(owner, busy);
  }, 60_000);
});

describe('a file', () => {
  it.each(titled('file'))('is refused to a stranger by %s, and stays as it is', async (_, { send }) => {
    for (const ref of [file, file.toUpperCase()]) expectRefusal(await send(stranger, ref), ref);
    expect(await everything()).toEqual(before);
  });

  it('is not deleted by force either', async () => {
    expectRefusal(await api(stranger.token).delete(`/csv-files/${file}?force=true`), file);
    expect((await api(owner.token).get(`/csv-files/${session}?type=input`)).body['data']).toHaveLength(2);
  });
});
