import { api, repeats, signUpUser, waitFor } from '../support';
import { hourlyCsv, joinSession, openSession, sendChunk, sha256, uploadAll } from './scenario';
import type { Answer, Body, Upload, User } from './scenario';

describe('giving an upload up', () => {
  let user: User;
  let upload: Upload;
  beforeAll(async () => {
    user = await signUpUser();
  });
  beforeEach(async () => {
    const bytes = hourlyCsv('load', 60, (i) => i);
    upload = { sessionId: await openSession(user), fileName: 'load.csv', bytes, fileType: 'input', bezeichnung: 'Load', chunks: 4 };
  });
  const cancel = (body: Body): Promise<Answer> => api(user.token).post(`/cancel-upload/${upload.sessionId}`, body);

  it('removes its chunks, tells the room, and refuses the chunks still under way until chunk 0 begins anew', async () => {
    await uploadAll(user, upload, [0, 2]);
    const { socket, events } = await joinSession(user, upload.sessionId);
    const { status, body } = await cancel({ fileName: 'load.csv' });
    expect([status, body]).toEqual([
      200,
      { success: true, cancelled: true, removed_chunks: 2, message: expect.stringContaining('load.csv') as string },
    ]);
    const told = await waitFor(() => events.find(({ payload }) => payload['status'] === 'cancelled'));
    expect(told).toMatchObject({ name: 'upload_progress', payload: { fileName: 'load.csv', totalChunks: 4 } });
    await new Promise((resolve) => setTimeout(resolve, 700)); // what an event in the pause of the chunks would take
    expect(events.filter(({ name }) => name === 'upload_progress').at(-1)).toBe(told);
    socket.close();

    expect(await sendChunk(user, upload, 1)).toMatchObject({ status: 410, body: { code: 'UPLOAD_CANCELLED' } });
    expect((await api(user.token).get(`/session-status/${upload.sessionId}`)).body).toMatchObject({ status: 'pending', files: [] });
    expect((await api(user.token).post('/finalize-session', { sessionId: upload.sessionId })).status).toBe(200);
    expect((await uploadAll(user, upload, [0, 1, 2, 3])).body).toMatchObject({ assembled: true, file: { sha256: sha256(upload.bytes) } });
  });

  it('is no error when there is nothing to give up', async () => {
    expect(await cancel({ fileName: 'load.csv' })).toMatchObject({ status: 200, body: { cancelled: false, removed_chunks: 0 } });
    await sendChunk(user, upload, 3);
    await cancel({ fileName: 'load.csv', fileType: 'input', bezeichnung: 'Load' });
    expect((await cancel({ fileName: 'load.csv' })).body).toMatchObject({ success: true, cancelled: false });
    repeats('POST /cancel-upload/{session_id}');
  });

  it('is too late for an assembled file', async () => {
    await uploadAll(user, upload);
    expect(await cancel({ fileName: 'load.csv' })).toMatchObject({ status: 409, body: { code: 'UPLOAD_ALREADY_ASSEMBLED' } });
    expect((await api(user.token).get(`/csv-files/${upload.sessionId}`)).body['data']).toHaveLength(1);
  });

  it('needs the label where the name is not enough', async () => {
    await sendChunk(user, upload, 0);
    await sendChunk(user, { ...upload, bezeichnung: 'Other' }, 0);
    expect(await cancel({ fileName: 'load.csv' })).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', field: 'bezeichnung' } });
    expect((await cancel({ fileName: 'load.csv', bezeichnung: 'Other' })).body).toMatchObject({ cancelled: true, removed_chunks: 1 });
    const { files } = (await api(user.token).get(`/session-status/${upload.sessionId}`)).body;
    expect(files).toMatchObject([{ bezeichnung: 'Load' }]);
  });

  it.each<[string, unknown, string, string | undefined]>([
    ['no body', undefined, 'MISSING_BODY', undefined],
    ['no name', {}, 'BAD_REQUEST', 'fileName'],
    ['a path', { fileName: 'a/b' }, 'INVALID_FILE_NAME', 'fileName'],
    ['an unknown type', { fileName: 'a', fileType: 'x' }, 'INVALID_FILE_METADATA', 'fileType'],
  ])('is refused with %s', async (_, body, code, field) => {
    const answer = await api(user.token).post(`/cancel-upload/${upload.sessionId}`, body);
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([400, code, field]);
  });
});
