import { randomUUID } from 'node:crypto';
import { api, signUpUser } from '../support';
import { newSessionId, smallSession } from './scenario';
import type { Body, User } from './scenario';

type Caller = { token: string | undefined };
type Call = (user: Caller, ref: string) => Promise<{ status: number; body: Body }>;
const get =
  (path: string): Call =>
  (user, ref) =>
    api(user.token).get(`${path}/${ref}`);
const post =
  (path: string, body: Body = {}): Call =>
  (user, ref) =>
    api(user.token).post(`${path}/${ref}`, body);
const withBody =
  (path: string, body: Body = {}): Call =>
  (user, ref) =>
    api(user.token).post(path, { sessionId: ref, ...body });
const chunk: Call = (user, ref) => {
  const form = new FormData();
  form.set('metadata', JSON.stringify({ sessionId: ref, fileName: 'a.csv', chunkIndex: 0, totalChunks: 1 }));
  form.set('chunk', new Blob(['UTC;a\n']), 'a.csv');
  return api(user.token).form('/upload-chunk', form);
};

const form: Call = (user, ref) => {
  const body = new FormData();
  body.set('sessionId', ref);
  body.set('file', new Blob(['UTC;a\n']), 'a.csv');
  return api(user.token).form('/csv-files', body);
};

const routes: [string, Call][] = [
  ['GET /session/:id', get('/session')],
  ['GET /get-session-uuid', get('/get-session-uuid')],
  ['POST /session-name-change', withBody('/session-name-change', { sessionName: 'mine' })],
  ['POST /csv-files (JSON)', withBody('/csv-files', { fileData: { fileName: 'a.csv' } })],
  ['POST /csv-files (form)', form],
  ['POST /cancel-upload', post('/cancel-upload', { fileName: 'HUFL.csv' })],
  ['POST /save-model', post('/save-model')],
  ['GET /plot-variables', get('/plot-variables')],
  ['GET /results-summary', get('/results-summary')],
  ['POST /save-evaluation-tables', post('/save-evaluation-tables', { df_eval: { a: 1 } })],
  ['POST /finalize-session', withBody('/finalize-session')],
  ['POST /upload-chunk', chunk],
  ['GET /csv-files', get('/csv-files')],
  ['POST /save-time-info', withBody('/save-time-info', { timeInfo: { jahr: true } })],
  ['GET /get-time-info', get('/get-time-info')],
  ['POST /save-zeitschritte', withBody('/save-zeitschritte', { zeitschritte: { eingabe: '5' } })],
  ['GET /get-zeitschritte', get('/get-zeitschritte')],
  ['GET /session/:id/database', (user, ref) => api(user.token).get(`/session/${ref}/database`)],
  ['GET /session-status', get('/session-status')],
  ['POST /session/:id/delete', (user, ref) => api(user.token).post(`/session/${ref}/delete`, {})],
  ['POST /generate-datasets', post('/generate-datasets')],
  ['POST /train-models', post('/train-models', { model_parameters: { MODE: 'LIN' } })],
  ['POST /cancel-training', post('/cancel-training')],
  ['GET /status', get('/status')],
  ['GET /results', get('/results')],
  ['GET /get-training-results', get('/get-training-results')],
  ['GET /evaluation-tables', get('/evaluation-tables')],
  ['GET /visualizations', get('/visualizations')],
  ['GET /list-models-database', get('/list-models-database')],
  ['GET /download-model-h5', get('/download-model-h5')],
];

describe('a session belongs to its owner', () => {
  let owner: User;
  let stranger: User;
  let session: string;
  let uuid: string;

  beforeAll(async () => {
    [owner, stranger] = await Promise.all([signUpUser(), signUpUser()]);
    session = await smallSession(owner);
    const { body } = await api(owner.token).get(`/session/${session}/database`);
    uuid = (body['session'] as Body)['databaseSessionId'] as string;
  }, 60_000);

  const contents = async (): Promise<unknown> => {
    const { body } = await api(owner.token).get(`/session/${session}/database`);
    return body['session'];
  };

  it.each(routes)('%s refuses a stranger with 403 and nothing of the session, by string id and by UUID', async (_, call) => {
    const before = await contents();
    for (const ref of [session, uuid]) {
      const { status, body } = await call(stranger, ref);
      expect([status, body['code'], body['error']]).toEqual([403, 'FORBIDDEN', 'Access denied']);
      expect(JSON.stringify(body).replace(ref, '')).not.toContain(uuid);
    }
    expect(await contents()).toEqual(before);
  });

  it.each(routes)('%s answers 404 for a session nobody has', async (_, call) => {
    for (const ref of [newSessionId(), randomUUID()]) {
      const { status, body } = await call(owner, ref);
      expect([status, body['code']]).toEqual([404, 'SESSION_NOT_FOUND']);
    }
  });

  it.each(routes)('%s answers 400 for a malformed id', async (_, call) => {
    for (const ref of ['not-a-uuid', randomUUID().replaceAll('-', ''), 'session_x_1']) {
      const { status, body } = await call(owner, ref);
      expect([status, body['code'], body['success']]).toEqual([400, 'BAD_UUID', false]);
    }
  });

  it.each(routes)('%s wants a token', async (_, call) => {
    const { status, body } = await call({ token: undefined }, session);
    expect([status, body['code']]).toEqual([401, 'MISSING_AUTHORIZATION']);
  });

  it('a file belongs to the owner of its session', async () => {
    const { body } = await api(owner.token).get(`/csv-files/${session}`);
    const file = (body['data'] as Body[])[0]?.['id'] as string;
    const refused = await api(stranger.token).put(`/csv-files/${file}`, { bezeichnung: 'mine' });
    expect([refused.status, refused.body['code']]).toEqual([403, 'FORBIDDEN']);
    const unknown = await api(owner.token).put(`/csv-files/${randomUUID()}`, { bezeichnung: 'x' });
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'FILE_NOT_FOUND']);
    const deleted = await api(stranger.token).delete(`/csv-files/${file}?force=true`);
    expect([deleted.status, deleted.body['code']]).toEqual([403, 'FORBIDDEN']);
    for (const id of [randomUUID(), 'x']) {
      const { status, body: answer } = await api(owner.token).delete(`/csv-files/${id}`);
      expect([status, answer['code']]).toEqual(id === 'x' ? [400, 'BAD_UUID'] : [404, 'FILE_NOT_FOUND']);
    }
    expect((await api(owner.token).get(`/csv-files/${session}?type=input`)).body['data']).toHaveLength(2);
    const malformed = await api(owner.token).put('/csv-files/17', { bezeichnung: 'x' });
    expect([malformed.status, malformed.body['code']]).toEqual([400, 'BAD_UUID']);
  });

  it('a stranger cannot take a session over by initialising its id', async () => {
    for (const path of ['/init-session', '/create-database-session']) {
      const { status, body } = await api(stranger.token).post(path, { sessionId: session, sessionName: 'mine' });
      expect([status, body['code']]).toEqual([403, 'FORBIDDEN']);
    }
    expect((await contents()) as Body).toMatchObject({ sessionName: null });
  });
});
