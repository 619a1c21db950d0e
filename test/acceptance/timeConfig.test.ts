import { api, repeats, signUpUser } from '../support';
import { openSession } from './scenario';
import type { Body, User } from './scenario';

describe('time information and steps', () => {
  let user: User;
  let session: string;
  beforeAll(async () => {
    user = await signUpUser();
    session = await openSession(user);
  });
  const http = () => api(user.token);

  it('reads nothing before anything was saved', async () => {
    for (const path of ['get-time-info', 'get-zeitschritte']) {
      expect(await http().get(`/${path}/${session}`)).toMatchObject({ status: 200, body: { success: true, data: {} } });
    }
  });

  it('keeps time information as it was sent, words of the old spelling and rows of a reload included', async () => {
    const jahr = {
      detaillierteBerechnung: true,
      datenform: 'Zeit Horizont',
      zeithorizontStart: '1',
      zeithorizontEnd: '12',
      skalierung: 'nein',
      skalierungMin: '',
      skalierungMax: '',
    };
    const timeInfo = {
      id: 'x',
      session_id: 'y',
      created_at: '',
      jahr: true,
      monat: false,
      woche: false,
      tag: 'false',
      feiertag: true,
      zeitzone: '',
      category_data: { jahr },
    };
    const saved = await http().post('/save-time-info', { sessionId: session, timeInfo });
    expect(saved).toMatchObject({ status: 200, body: { message: 'Time info saved successfully', data: null } });
    const { body } = await http().get(`/get-time-info/${session}`);
    expect(body['data']).toMatchObject({ jahr: true, tag: false, feiertag: true, zeitzone: 'UTC', category_data: { jahr } });
  });

  it('replaces the whole row of steps and reads text back unchanged', async () => {
    const save = (zeitschritte: Body) => http().post('/save-zeitschritte', { sessionId: session, zeitschritte });
    expect((await save({ eingabe: '96', ausgabe: 96, zeitschrittweite: '15', offsett: '2', offset: '0' })).status).toBe(200);
    expect((await http().get(`/get-zeitschritte/${session}`)).body['data']).toMatchObject({
      eingabe: '96',
      ausgabe: '96',
      zeitschrittweite: '15',
      offset: '2',
    });
    expect((await save({ eingabe: '', ausgabe: 'x', zeitschrittweite: 'bald' })).status).toBe(200);
    expect((await http().get(`/get-zeitschritte/${session}`)).body['data']).toMatchObject({
      eingabe: null,
      ausgabe: 'x',
      zeitschrittweite: 'bald',
      offset: null,
    });
  });

  it('is the same however often it is saved', async () => {
    for (const [save, body, read] of [
      ['save-time-info', { timeInfo: { tag: true, zeitzone: 'Europe/Vienna' } }, 'get-time-info'],
      ['save-zeitschritte', { zeitschritte: { eingabe: '4', ausgabe: '2' } }, 'get-zeitschritte'],
    ] as const) {
      const stored: unknown[] = [];
      for (let time = 0; time < 2; time += 1) {
        expect((await http().post(`/${save}`, { sessionId: session, ...body })).status).toBe(200);
        const { updated_at: _, ...row } = (await http().get<Body>(`/${read}/${session}`)).body['data'] as Body;
        stored.push(row);
      }
      expect(stored[1]).toEqual(stored[0]);
      repeats(`POST /${save}`);
    }
  });

  it.each([
    ['/save-time-info', { timeInfo: 'all' }, 'INVALID_TIME_INFO'],
    ['/save-time-info', { timeInfo: { jahr: 'maybe' } }, 'INVALID_TIME_INFO'],
    ['/save-time-info', { timeInfo: { category_data: [] } }, 'INVALID_TIME_INFO'],
    ['/save-time-info', {}, 'BAD_REQUEST'],
    ['/save-zeitschritte', { zeitschritte: { ausgabe: '4097' } }, 'INVALID_ZEITSCHRITTE'],
    ['/save-zeitschritte', { zeitschritte: { zeitschrittweite: 'x'.repeat(256) } }, 'INVALID_ZEITSCHRITTE'],
    ['/save-zeitschritte', {}, 'BAD_REQUEST'],
  ])('%s refuses %j', async (path, body, code) => {
    const answer = await http().post(path, { sessionId: session, ...body });
    expect([answer.status, answer.body['code']]).toEqual([400, code]);
  });
});
