import { api, signUpUser } from '../support';
import { hourlyCsv, openSession, uploadAll } from './scenario';
import type { Body, User } from './scenario';

describe('drafts of the frontend', () => {
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

  it('edits a file in either spelling and keeps what the server computed', async () => {
    const { body } = await uploadAll(user, {
      sessionId: session,
      fileName: 'a.csv',
      bytes: hourlyCsv('a', 40, (i) => i),
      fileType: 'input',
      bezeichnung: 'A',
    });
    const id = (body['file'] as Body)['id'] as string;
    const put = (patch: Body) => http().put(`/csv-files/${id}`, patch);
    const edited = await put({
      zeithorizontStart: '-12',
      zeithorizont_end: '0',
      'mittelwertbildungU\u0308berDenZeithorizont': ' JA ',
      storagePath: 'elsewhere',
      min: '-5',
    });
    expect(edited.status).toBe(200);
    expect(edited.body['data']).toMatchObject({
      zeithorizont_start: '-12',
      zeithorizont_end: '0',
      mittelwertbildung_uber_den_zeithorizont: 'ja',
      min: '0',
      max: '39',
    });
    expect((edited.body['data'] as Body)['storage_path']).not.toBe('elsewhere');
    expect((await put({ bezeichnung: 'B', skalierung: null })).body['data']).toMatchObject({ bezeichnung: 'B', skalierung: null });
    expect(await put({})).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    expect(await put({ fileName: '../x' })).toMatchObject({ status: 400, body: { code: 'INVALID_FILE_NAME' } });
    expect(await put({ type: 'sideways' })).toMatchObject({ status: 400, body: { code: 'INVALID_FILE_METADATA', field: 'type' } });
  });
});
