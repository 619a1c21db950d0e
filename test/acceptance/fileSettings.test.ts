import { api, repeats, signUpUser } from '../support';
import { hourlyCsv, openSession, uploadAll } from './scenario';
import type { Body, User } from './scenario';

describe('the settings of a file', () => {
  let user: User;
  let session: string;
  let id: string;
  beforeAll(async () => {
    user = await signUpUser();
    session = await openSession(user);
  });
  beforeEach(async () => {
    const bytes = hourlyCsv('a', 40, (i) => i);
    const fileName = `${expect.getState().currentTestName?.length ?? 0}.csv`; // one of its own each
    const { body } = await uploadAll(user, { sessionId: session, fileName, bytes, fileType: 'input', bezeichnung: 'A' });
    id = body['file'].id as string;
  });
  const put = (patch: Body) => api(user.token).put<Body>(`/csv-files/${id}`, patch);

  it('edits a file in either spelling and keeps what the server computed', async () => {
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

  it.each<[unknown, string]>([
    [true, 'ja'],
    ['true', 'ja'],
    ['false', 'nein'],
    [' Nein', 'nein'],
    ['perhaps', 'perhaps'], // a draft
  ])('stores %j where ja or nein belongs as %s', async (sent, stored) => {
    const { body } = await put({ skalierung: sent, mittelwertbildung_uber_den_zeithorizont: sent });
    expect(body['data']).toMatchObject({ skalierung: stored, mittelwertbildung_uber_den_zeithorizont: stored });
  });

  it('are the same however often they are sent', async () => {
    const patch = { zeithorizontStart: '-3', skalierung: 'nein' };
    const { updated_at: _first, ...first } = (await put(patch)).body['data'] as Body;
    const { updated_at: _second, ...second } = (await put(patch)).body['data'] as Body;
    expect(second).toEqual(first);
    repeats('PUT /csv-files/{id}');
  });

  it('do not make two files of one name, type and label', async () => {
    const bytes = hourlyCsv('a', 30, (i) => i);
    await uploadAll(user, { sessionId: session, fileName: 'other.csv', bytes, fileType: 'input', bezeichnung: 'Other' });
    expect(await put({ fileName: 'other.csv', bezeichnung: 'Other' })).toMatchObject({ status: 409, body: { code: 'DUPLICATE_FILE' } });
    expect((await put({ fileName: 'other.csv', bezeichnung: 'Another' })).status).toBe(200);
  });
});
