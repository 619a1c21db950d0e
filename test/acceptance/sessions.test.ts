import { randomUUID } from 'node:crypto';
import { api, repeats, signUpUser } from '../support';
import { hourlyCsv, newSessionId, openSession, smallSession, uploadAll } from './scenario';
import type { Body, User } from './scenario';

describe('sessions', () => {
  let user: User;
  beforeAll(async () => {
    user = await signUpUser();
  });
  const http = () => api(user.token);

  it('init-session creates once and returns the same session afterwards', async () => {
    const sessionId = newSessionId();
    const first = await http().post('/init-session', { sessionId, zeitschritte: { eingabe: '13' } });
    const second = await http().post('/init-session', { session_id: sessionId });
    expect([first.status, first.body['created'], second.body['created']]).toEqual([200, true, false]);
    expect(second.body['sessionUuid']).toBe(first.body['sessionUuid']);
    expect(first.body['message']).toBe(`Session ${sessionId} initialized successfully`);
    const { body } = await http().get(`/get-zeitschritte/${sessionId}`);
    expect((body['data'] as Body)['eingabe']).toBe('13');
    repeats('POST /init-session');
  });

  it('parallel first calls of one id create one session', async () => {
    const sessionId = newSessionId();
    const answers = await Promise.all(Array.from({ length: 20 }, () => http().post('/init-session', { sessionId })));
    expect(new Set(answers.map(({ body }) => body['sessionUuid'] as string)).size).toBe(1);
    expect(answers.filter(({ body }) => body['created'] === true)).toHaveLength(1);
  });

  it('an unused UUID becomes the session id itself', async () => {
    const uuid = randomUUID();
    const { body } = await http().post('/init-session', { sessionId: uuid.toUpperCase() });
    expect(body['sessionUuid']).toBe(uuid);
  });

  it.each([
    [{}, 'BAD_REQUEST'],
    [{ sessionId: newSessionId(), session_id: newSessionId() }, 'BAD_REQUEST'],
    [{ sessionId: newSessionId(), timeInfo: 'UTC' }, 'INVALID_TIME_INFO'],
    [{ sessionId: newSessionId(), zeitschritte: { eingabe: '5000' } }, 'INVALID_ZEITSCHRITTE'],
  ])('init-session refuses %j', async (body, code) => {
    const answer = await http().post('/init-session', body);
    expect([answer.status, answer.body['code']]).toEqual([400, code]);
  });

  it('a refused configuration creates nothing', async () => {
    const sessionId = newSessionId();
    await http().post('/init-session', { sessionId, timeInfo: [] });
    expect((await http().get(`/session/${sessionId}/database`)).status).toBe(404);
  });

  it('answers a body that is no JSON, an empty one and a wrong content type in the envelope', async () => {
    const raw = (body: string, type = 'application/json') =>
      http().raw('POST', '/init-session', { body, headers: { 'content-type': type } });
    expect(await raw('{"sessionId":')).toMatchObject({ status: 400, body: { success: false, code: 'MALFORMED_JSON' } });
    expect(await raw('[1]')).toMatchObject({ status: 400, body: { code: 'MISSING_BODY' } });
    expect(await raw('x=1', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    expect(await raw(`{"sessionId":"${'x'.repeat(6 * 1024 * 1024)}"}`)).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
  });

  it('the database view lists files in upload order, inputs first, with the server statistics', async () => {
    const session = await smallSession(user);
    const { status, body } = await http().get(`/session/${session}/database`);
    const view = body['session'] as Body;
    expect(status).toBe(200);
    expect((view['files'] as Body[]).map(({ bezeichnung, type }) => [bezeichnung, type])).toEqual([
      ['HUFL', 'input'],
      ['MUFL', 'input'],
      ['OT', 'output'],
      ['LULL', 'output'],
    ]);
    expect((view['files'] as Body[])[0]).toMatchObject({
      utcMin: '2016-07-01 00:00:00',
      utcMax: '2016-07-11 19:00:00',
      zeitschrittweite: '60',
      offset: '0',
      datenpunkte: '260',
      numerischerAnteil: '100',
      storagePath: expect.any(String) as string,
    });
    expect(view).toMatchObject({
      finalized: true,
      n_dat: 1040,
      n_dat_source: 'rows',
      file_count: 4,
      timeInfo: { zeitzone: 'UTC', jahr: false, category_data: {} },
    });
    expect(view['zeitschritte']).toEqual({ eingabe: '13', ausgabe: '13', zeitschrittweite: '60', offset: '0' });
  });

  it('session-status follows the upload', async () => {
    const session = await openSession(user);
    expect((await http().get(`/session-status/${session}`)).body).toMatchObject({
      status: 'pending',
      progress: 0,
      finalized: false,
      files: [],
    });
    await http().post('/save-zeitschritte', { sessionId: session, zeitschritte: { eingabe: '3' } });
    expect((await http().get(`/session-status/${session}`)).body).toMatchObject({ status: 'pending', progress: 5 });
    await uploadAll(user, { sessionId: session, fileName: 'a.csv', bytes: hourlyCsv('a', 50, (i) => i), chunks: 4 }, [0, 2]);
    const { body } = await http().get(`/session-status/${session}`);
    expect(body).toMatchObject({ status: 'processing', progress: 45 });
    expect((body['files'] as Body[])[0]).toMatchObject({
      fileName: 'a.csv',
      received: 2,
      totalChunks: 4,
      missing: [1, 3],
      assembled: false,
    });
  });

  it('finalize refuses a session whose upload lacks chunks, and says which', async () => {
    const session = await openSession(user);
    await uploadAll(user, { sessionId: session, fileName: 'a.csv', bytes: hourlyCsv('a', 50, (i) => i), chunks: 3 }, [1]);
    const { status, body } = await http().post('/finalize-session', { sessionId: session });
    expect([status, body['code']]).toEqual([409, 'UPLOAD_INCOMPLETE']);
    expect((body['uploads'] as Body[])[0]).toMatchObject({ fileName: 'a.csv', received: 1, totalChunks: 3, missing: [0, 2] });
  });

  it('finalize counts the rows of all files, repeats itself, and takes an empty session', async () => {
    const session = await smallSession(user);
    const first = await http().post('/finalize-session', { sessionId: session });
    const again = await http().post('/finalize-session', { sessionId: session });
    expect(first.body).toMatchObject({ success: true, n_dat: 1040, n_dat_source: 'rows', file_count: 4 });
    expect(again.body).toEqual(first.body);
    repeats('POST /finalize-session');
    const empty = await http().post('/finalize-session', { sessionId: await openSession(user) });
    expect(empty.body).toMatchObject({ n_dat: 0, file_count: 0 });
  });

  it('list-sessions pages through the own sessions only, newest first', async () => {
    const other = await signUpUser();
    const ids: string[] = [];
    for (let k = 0; k < 3; k++) ids.push(await openSession(other));
    const first = await api(other.token).get('/list-sessions?limit=2');
    expect(first.body).toMatchObject({ total_count: 3, returned: 2 });
    expect((first.body['sessions'] as Body[]).map(({ sessionId }) => sessionId as string)).toEqual([ids[2], ids[1]]);
    const second = await api(other.token).get(`/list-sessions?limit=2&before=${encodeURIComponent(first.body['next_before'] as string)}`);
    expect((second.body['sessions'] as Body[]).map(({ sessionId }) => sessionId as string)).toEqual([ids[0]]);
    expect(second.body['next_before']).toBeNull();
    for (const before of ['yesterday', '2026-02-30', '2023-02-29T00:00:00Z', '2026-01-02T10:00:00+16:00', '0000-01-01'])
      expect([before, (await api(other.token).get(`/list-sessions?before=${encodeURIComponent(before)}`)).status]).toEqual([before, 400]);
  });

  it('a deleted session is gone, with its files', async () => {
    const session = await smallSession(user);
    const { status, body } = await http().post(`/session/${session}/delete`, {});
    expect([status, body['message']]).toEqual([200, `Session ${session} deleted successfully`]);
    expect((await http().post(`/session/${session}/delete`, {})).status).toBe(404);
    expect((await http().get(`/csv-files/${session}`)).status).toBe(404);
  });
});
