/** What a plan allows (http-api A.7): no more than is left, and nothing that is only read or deleted. */
import { api, signUpUser } from '../support';
import { describeWith } from '../support/offers';
import {
  changePlan,
  hourlyCsv,
  newSessionId,
  openSession,
  sendChunk,
  smallSession,
  startTraining,
  trainedSession,
  trainingEnd,
  unitsCharged,
} from './scenario';
import type { Answer, Body, User } from './scenario';

const csv = hourlyCsv('load', 300, (i) => i % 7);
const LIN = { model_parameters: { MODE: 'LIN' } };
const NONE = {
  status: 403,
  body: { code: 'NO_ACTIVE_SUBSCRIPTION', error: 'No active subscription', message: expect.any(String) as string },
};

function fileForm(fields: Record<string, string>, bytes: Buffer = csv): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  form.append('file', new Blob([new Uint8Array(bytes)]), 'load.csv');
  return form;
}

describeWith('service role')('files', () => {
  let user: User;
  let sessionId: string;
  beforeEach(async () => {
    user = await signUpUser();
    sessionId = await openSession(user);
  });
  const post = (bytes?: Buffer, more: Record<string, string> = {}): Promise<Answer> =>
    api(user.token).form('/csv-files', fileForm({ sessionId, ...more }, bytes));
  const announce = (fileName: string): Promise<Answer> => api(user.token).post('/csv-files', { sessionId, fileData: { fileName } });

  it('need one in either form', async () => {
    await changePlan(user, null);
    for (const answer of [await post(), await announce('a.csv')]) expect(answer).toMatchObject(NONE);
  });

  it('are bounded in number; a refused one leaves nothing and a known one still passes', async () => {
    await changePlan(user, { processing: 1 });
    expect((await post()).status).toBe(200);
    const refusal = { status: 403, body: { code: 'PROCESSING_LIMIT_REACHED', current_usage: 1, limit: 1 } };
    expect(await post(csv, { bezeichnung: 'second' })).toMatchObject(refusal);
    expect(await announce('b.csv')).toMatchObject(refusal);
    expect(await post()).toMatchObject({ status: 200, body: { data: { isNew: false } } });
    const { files } = (await api(user.token).get(`/session-status/${sessionId}`)).body;
    expect(files).toHaveLength(1);
    expect((await api(user.token).post('/finalize-session', { sessionId })).status).toBe(200);
  });

  it('pass at once as many as units are left, and the refused leave nothing', async () => {
    await changePlan(user, { processing: 2 });
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => post(csv, { bezeichnung: `file ${i}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 403, 403, 403, 403]);
    const { uploads, files } = (await api(user.token).get(`/session/${sessionId}`)).body['session'] as Body;
    expect([uploads, (files as Body[]).length, await unitsCharged(user)]).toEqual([[], 2, 2]);
  });

  it('are bounded in size', async () => {
    await changePlan(user, { processing: -1, fileMb: 1 });
    const large = Buffer.concat([csv, Buffer.alloc(1024 ** 2, '\n')]);
    expect(await post(large)).toMatchObject({ status: 413, body: { code: 'FILE_TOO_LARGE' } });
    expect((await api(user.token).get(`/csv-files/${sessionId}`)).body['data']).toEqual([]);
  });

  it('in chunks are refused at their first chunk when nothing is left; a known one still passes', async () => {
    await changePlan(user, { processing: 1 });
    const upload = { sessionId, fileName: 'a.csv', bytes: csv };
    expect((await sendChunk(user, upload, 0)).status).toBe(200);
    const refused = await sendChunk(user, { ...upload, fileName: 'b.csv', chunks: 2 }, 0);
    expect(refused).toMatchObject({ status: 403, body: { code: 'PROCESSING_LIMIT_REACHED', current_usage: 1, limit: 1 } });
    expect((await sendChunk(user, upload, 0)).body).toMatchObject({ duplicate: true });
    expect((await api(user.token).get<Body>(`/session/${sessionId}`)).body['session']).toMatchObject({
      uploads: [],
      files: [{ fileName: 'a.csv' }],
    });
  });

  it('in chunks need one before anything else about the request is looked at', async () => {
    await changePlan(user, null);
    const form = (...parts: [name: string, value: string | Blob][]): Promise<Answer> => {
      const body = new FormData();
      for (const [name, value] of parts) body.append(name, value);
      return api(user.token).form('/upload-chunk', body);
    };
    const raw = (type: string, body: string): Promise<Answer> =>
      api(user.token).raw<Body>('POST', '/upload-chunk', { body, headers: { 'content-type': type } });
    const chunk = new Blob([new Uint8Array(csv)]);
    const metadata = JSON.stringify({ sessionId, fileName: 'a.csv', chunkIndex: 0, totalChunks: 1 });
    const foreign = await openSession(await signUpUser());
    for (const [title, answer] of Object.entries({
      'no form': await raw('application/json', '{}'),
      'no boundary': await raw('multipart/form-data', 'x'),
      'a broken form': await raw(
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="chunk"; filename="c"\r\n\r\nhalf',
      ),
      'no metadata': await form(['chunk', chunk]),
      'no chunk': await form(['metadata', metadata]),
      'broken metadata': await form(['metadata', '{'], ['chunk', chunk]),
      'the bytes first': await form(['chunk', chunk], ['metadata', metadata]),
      'a foreign session': await sendChunk(user, { sessionId: foreign, fileName: 'a.csv', bytes: csv }, 0),
      'a session that is not there': await sendChunk(user, { sessionId: newSessionId(), fileName: 'a.csv', bytes: csv }, 0),
      'more bytes than any plan allows': await sendChunk(user, { sessionId, fileName: 'a.csv', bytes: csv }, 0, { fileSize: 2 ** 50 }),
    }))
      expect([title, answer]).toMatchObject([title, NONE]);
  });

  it('in chunks of a foreign session are refused for that, whatever is left', async () => {
    await changePlan(user, { processing: 0 });
    const foreign = await openSession(await signUpUser());
    expect(await sendChunk(user, { sessionId: foreign, fileName: 'a.csv', bytes: csv }, 0)).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
  });

  it('in chunks are bounded in size, by what is announced and by what comes', async () => {
    await changePlan(user, { processing: -1, fileMb: 1 });
    const refusal = { status: 413, body: { code: 'FILE_TOO_LARGE' } };
    const announced = { sessionId, fileName: 'a.csv', bytes: csv, chunks: 2 };
    expect(await sendChunk(user, announced, 0, { fileSize: 1024 ** 2 + 1 })).toMatchObject(refusal);
    const large = { sessionId, fileName: 'b.csv', bytes: Buffer.alloc(1024 ** 2 + 2, '\n'), chunks: 2 };
    expect((await sendChunk(user, large, 0)).status).toBe(200);
    expect(await sendChunk(user, large, 1)).toMatchObject(refusal);
  });

  it('in chunks of any sizes are bounded by their sum, also when they come at the same time', async () => {
    await changePlan(user, { processing: -1, fileMb: 1 });
    const refusal = { status: 413, body: { code: 'FILE_TOO_LARGE' } };
    const lines = (kib: number): Buffer => Buffer.alloc(kib * 1024, '\n');
    const sizes = [800, 100, 200];
    const upload = (fileName: string) => ({ sessionId, fileName, bytes: Buffer.alloc(0), chunks: sizes.length });
    const send = (fileName: string, index: number): Promise<Answer> =>
      sendChunk(user, upload(fileName), index, { fileHash: undefined }, lines(sizes[index]!));
    expect([(await send('c.csv', 0)).status, (await send('c.csv', 1)).status]).toEqual([200, 200]);
    expect(await send('c.csv', 2)).toMatchObject(refusal);

    // none sees the others: the assembly measures them together
    const answers = await Promise.all(sizes.map((_, index) => send('d.csv', index)));
    expect(answers.filter(({ status }) => status === 413)).toHaveLength(1);
    const { body } = await api(user.token).get<Body>(`/csv-files/${sessionId}`);
    expect(body['data']).toEqual([]);
  });
});

describeWith('service role')('datasets and trainings', () => {
  let user: User;
  let session: string;
  beforeEach(async () => {
    user = await signUpUser();
    session = await smallSession(user);
  });
  const dataset = (): Promise<Answer> => api(user.token).post(`/generate-datasets/${session}`, {});
  const train = (): Promise<Answer> => api(user.token).post(`/train-models/${session}`, LIN);

  it('need a plan, forecasts too; what is there can be read and deleted without one', async () => {
    const trained = await trainedSession(user);
    await changePlan(user, null);
    const upload = { sessionId: session, fileName: 'new.csv', bytes: csv };
    for (const answer of [
      await dataset(),
      await train(),
      await sendChunk(user, upload, 0),
      await api(user.token).post(`/predict/${trained}`, { input_data: [[1, 2]] }),
    ])
      expect(answer).toMatchObject(NONE);
    for (const path of [`/results/${trained}`, `/download-model-h5/${trained}`, `/csv-files/${session}`, '/list-sessions'])
      expect([path, (await api(user.token).get(path)).status]).toEqual([path, 200]);
    for (const id of [trained, session]) expect((await api(user.token).post(`/session/${id}/delete`)).status).toBe(200);
  }, 60_000);

  it('are counted: a dataset beyond the limit is refused, and is built when there is room again', async () => {
    await changePlan(user, { processing: 4 }); // as many as the session has files
    expect(await dataset()).toMatchObject({ status: 403, body: { code: 'PROCESSING_LIMIT_REACHED', current_usage: 4, limit: 4 } });
    expect((await api(user.token).get(`/status/${session}`)).body).toMatchObject({ status: 'not_found' });
    await changePlan(user, { processing: 5 });
    expect(await dataset()).toMatchObject({ status: 200, body: { cached: false } });
    expect(await dataset()).toMatchObject({ status: 200, body: { cached: true } }); // costs nothing
    expect(await unitsCharged(user)).toBe(5);
  }, 60_000);

  it('are of no use to a plan without trainings', async () => {
    await changePlan(user, { processing: -1 });
    expect(await train()).toMatchObject({
      status: 403,
      body: { code: 'TRAINING_NOT_AVAILABLE', error: 'Training not available', plan: expect.any(String) as string },
    });
  });

  it('are counted: the second training of one', async () => {
    await changePlan(user, { processing: -1, training: 1 });
    await startTraining(user, session, LIN);
    await trainingEnd(user, session);
    expect(await train()).toMatchObject({ status: 403, body: { code: 'TRAINING_LIMIT_REACHED', current_usage: 1, limit: 1 } });
    await changePlan(user, { processing: -1, training: 0 }); // 0 is none, −1 would be no limit
    expect(await train()).toMatchObject({ status: 403, body: { code: 'TRAINING_LIMIT_REACHED', limit: 0 } });
    await changePlan(user, { processing: -1, training: -1 });
    expect((await train()).status).toBe(200);
    await trainingEnd(user, session);
  }, 60_000);
});
