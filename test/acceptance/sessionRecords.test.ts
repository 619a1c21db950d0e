import { randomUUID } from 'node:crypto';
import { api, repeats, signUpUser } from '../support';
import { hourlyCsv, newSessionId, openSession, sendChunk, smallSession, uploadAll } from './scenario';
import type { Body, User } from './scenario';

describe('the record of a session', () => {
  let user: User;
  beforeAll(async () => {
    user = await signUpUser();
  });
  const http = () => api(user.token);
  const nameOf = async (session: string): Promise<unknown> =>
    ((await http().get(`/session/${session}/database`)).body['session'] as Body)['sessionName'];

  it('is created once, with its name, and returned afterwards', async () => {
    const sessionId = newSessionId();
    const first = await http().post('/create-database-session', { sessionId, sessionName: '  Netz\u0308  ' });
    const uuid = first.body['sessionUuid'] as string;
    expect(first).toMatchObject({
      status: 200,
      body: { success: true, created: true, message: `Database session created with UUID: ${uuid}` },
    });
    expect(await nameOf(sessionId)).toBe('Netz\u0308'.normalize('NFC'));
    const again = await http().post('/create-database-session', { session_id: sessionId });
    expect(again.body).toEqual({ ...first.body, created: false });
    expect(await nameOf(sessionId)).toBe('Netz\u0308'.normalize('NFC'));
    await http().post('/create-database-session', { sessionId, sessionName: 'Last' });
    expect(await nameOf(sessionId)).toBe('Last');
    repeats('POST /create-database-session');
  });

  it('is created once by parallel calls, and under its own id by a UUID', async () => {
    const sessionId = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => http().post('/create-database-session', { sessionId })));
    expect(answers.map(({ body }) => body['sessionUuid'] as string)).toEqual(Array(10).fill(sessionId));
    expect(answers.filter(({ body }) => body['created'] === true)).toHaveLength(1);
  });

  it.each([
    ['no id', {}, 'BAD_REQUEST', 'Missing session ID'],
    ['a malformed id', { sessionId: 'x' }, 'BAD_UUID', 'Invalid session id'],
    ['a name that is no text', { sessionName: 5 }, 'INVALID_SESSION_NAME', 'must be a string'],
    ['a blank name', { sessionName: '  ' }, 'INVALID_SESSION_NAME', 'cannot be empty'],
    ['a name of 256 characters', { sessionName: 'ä'.repeat(256) }, 'INVALID_SESSION_NAME', 'too long (max 255)'],
  ])('is not created with %s', async (_, sent, code, sentence) => {
    const sessionId = newSessionId();
    const body = 'sessionName' in sent ? { sessionId, ...sent } : sent;
    const answer = await http().post('/create-database-session', body);
    expect([answer.status, answer.body['code']]).toEqual([400, code]);
    expect(answer.body['error']).toContain(sentence);
    expect((await http().get(`/get-session-uuid/${sessionId}`)).status).toBe(404);
  });

  it('is found by either id, and never created by looking', async () => {
    const sessionId = newSessionId();
    expect(await http().get(`/get-session-uuid/${sessionId}`)).toMatchObject({ status: 404, body: { code: 'SESSION_NOT_FOUND' } });
    expect((await http().get(`/get-session-uuid/${sessionId}`)).status).toBe(404);
    const { sessionUuid } = (await http().post('/init-session', { sessionId })).body;
    for (const ref of [sessionId, String(sessionUuid), String(sessionUuid).toUpperCase()]) {
      expect((await http().get(`/get-session-uuid/${ref}`)).body).toEqual({
        success: true,
        sessionUuid,
        data: { sessionUuid },
        message: expect.any(String) as string,
      });
    }
  });

  it('takes a new name, trimmed, as often as it is sent', async () => {
    const sessionId = await openSession(user);
    for (let repetition = 0; repetition < 2; repetition += 1) {
      expect(await http().post('/session-name-change', { sessionId, sessionName: ' Büro ' })).toMatchObject({
        status: 200,
        body: { success: true, data: { sessionId, sessionName: 'Büro' }, message: 'Session name updated successfully' },
      });
    }
    expect(await nameOf(sessionId)).toBe('Büro');
    repeats('POST /session-name-change');
    expect((await http().post('/session-name-change', { sessionId, sessionName: '😀'.repeat(255) })).status).toBe(200);
  });

  it.each<[string, Body, string, string]>([
    ['nothing', {}, 'BAD_REQUEST', 'No data provided'],
    ['no id', { sessionId: undefined, sessionName: 'a' }, 'BAD_REQUEST', 'sessionId is required'],
    ['neither id nor name', { sessionName: null }, 'BAD_REQUEST', 'sessionId is required'],
    ['no name', { sessionId: 'own' }, 'INVALID_SESSION_NAME', 'sessionName is required'],
    ['a number', { sessionId: 'own', sessionName: 7 }, 'INVALID_SESSION_NAME', 'must be a string'],
    ['a blank name', { sessionId: 'own', sessionName: ' \t' }, 'INVALID_SESSION_NAME', 'cannot be empty'],
    ['a long name', { sessionId: 'own', sessionName: 'x'.repeat(256) }, 'INVALID_SESSION_NAME', 'too long (max 255)'],
    ['a control character', { sessionId: 'own', sessionName: 'a\u0007b' }, 'INVALID_SESSION_NAME', 'control characters'],
  ])('keeps its name when a change says %s', async (_, sent, code, sentence) => {
    const sessionId = await openSession(user);
    await http().post('/session-name-change', { sessionId, sessionName: 'before' });
    const answer = await http().post('/session-name-change', sent['sessionId'] === 'own' ? { ...sent, sessionId } : sent);
    expect(answer).toMatchObject({ status: 400, body: { success: false, code, data: null } });
    expect(answer.body['error']).toContain(sentence);
    expect(await nameOf(sessionId)).toBe('before');
  });

  it('shows files, unfinished uploads and configuration without changing anything', async () => {
    const sessionId = await openSession(user);
    const { sessionUuid } = (await http().get(`/get-session-uuid/${sessionId}`)).body;
    const view = async (): Promise<Body> => (await http().get(`/session/${sessionId}`)).body['session'] as Body;
    expect(await view()).toEqual({
      sessionId,
      sessionUuid,
      files: [],
      uploads: [],
      timeInfo: {},
      zeitschritte: {},
      finalized: false,
      n_dat: null,
      n_dat_source: null,
      file_count: 0,
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
      lastUpdated: expect.stringMatching(/Z$/) as string,
      finalizationTime: null,
    });

    const bytes = hourlyCsv('a', 50, (i) => i);
    await uploadAll(user, { sessionId, fileName: 'out.csv', bytes, fileType: 'output' });
    await sendChunk(user, { sessionId, fileName: 'in.csv', bytes, fileType: 'input', bezeichnung: 'In', chunks: 3 }, 1);
    await http().post('/save-zeitschritte', { sessionId, zeitschritte: { eingabe: '3' } });
    await http().post('/save-time-info', { sessionId, timeInfo: { tag: true } });
    const filled = await view();
    expect(filled).toMatchObject({
      files: [{ fileName: 'out.csv', type: 'output', bezeichnung: 'out', size: bytes.length }],
      uploads: [
        { fileName: 'in.csv', fileType: 'input', bezeichnung: 'In', received: 1, totalChunks: 3, missing: [0, 2], status: 'receiving' },
      ],
      timeInfo: { tag: true, jahr: false, zeitzone: 'UTC' },
      zeitschritte: { eingabe: '3', ausgabe: null },
      file_count: 1,
    });
    expect(await view()).toEqual(filled);
  });

  it('shows when a session was finalized, with its count', async () => {
    const session = await smallSession(user);
    const finalized = (await http().post('/finalize-session', { sessionId: session })).body;
    expect((await http().get(`/session/${session}`)).body['session']).toMatchObject({
      finalized: true,
      n_dat: 1040, // four files of 260 rows
      n_dat_source: 'rows',
      file_count: 4,
      finalizationTime: finalized['finalizationTime'],
    });
  });

  it('counts every received chunk as its share of the progress', async () => {
    const sessionId = await openSession(user);
    const upload = { sessionId, fileName: 'a.csv', bytes: hourlyCsv('a', 50, (i) => i), chunks: 10 };
    await uploadAll(user, upload, [0, 1, 2, 3, 4, 5, 6]);
    // floor(90 · 7/10)
    expect((await http().get(`/session-status/${sessionId}`)).body).toMatchObject({ status: 'processing', progress: 63 });
  });
});
