import { api, repeats, signUpUser, waitFor } from '../support';
import { hourlyCsv, joinSession, LONG_TRAINING, openSession, sendChunk, smallSession, startTraining, uploadAll } from './scenario';
import type { Body, User } from './scenario';

/** Names of the user's objects that storage still has below a session. */
async function objectsOf(user: User, session: string, bucket: string): Promise<string[]> {
  const folder = `${user.id}/${session}`;
  const { data } = await user.client.storage.from(bucket).list(folder);
  return (data ?? []).map(({ name }) => name);
}

const filesOf = async (user: User, session: string): Promise<Body[]> =>
  (await api(user.token).get(`/csv-files/${session}`)).body['data'] as Body[];

const uuidOf = async (user: User, session: string): Promise<string> =>
  (await api(user.token).get(`/get-session-uuid/${session}`)).body['sessionUuid'] as string;

describe('deleting a file', () => {
  let user: User;
  beforeAll(async () => {
    user = await signUpUser();
  });

  it('removes row, object, upload and cached dataset, and a later finalize does not bring it back', async () => {
    const session = await smallSession(user);
    const uuid = await uuidOf(user, session);
    await api(user.token).post(`/generate-datasets/${session}`, {});
    const [first] = await filesOf(user, session);
    const deleted = await api(user.token).delete(`/csv-files/${String(first?.['id'])}`);
    expect(deleted).toMatchObject({
      status: 200,
      body: { success: true, message: `File ${String(first?.['file_name'])} deleted successfully` },
    });

    expect((await filesOf(user, session)).map(({ bezeichnung }) => bezeichnung as string)).toEqual(['MUFL', 'OT', 'LULL']);
    expect(await objectsOf(user, uuid, 'csv-files')).not.toContain(first?.['id']);
    expect((await user.client.from('datasets').select('content_hash').eq('session_id', uuid)).data).toEqual([]);
    const finalized = await api(user.token).post('/finalize-session', { sessionId: session });
    expect(finalized.body).toMatchObject({ file_count: 3, n_dat: 780, n_dat_source: 'rows' });
    expect(await api(user.token).delete(`/csv-files/${String(first?.['id'])}`)).toMatchObject({
      status: 404,
      body: { code: 'FILE_NOT_FOUND' },
    });
    repeats('DELETE /csv-files/{id}');
  }, 60_000);

  it('makes room for another file of the same key', async () => {
    const sessionId = await openSession(user);
    const upload = { sessionId, fileName: 'a.csv', bytes: hourlyCsv('a', 50, (i) => i), chunks: 2 };
    await uploadAll(user, upload);
    const [file] = await filesOf(user, sessionId);
    await api(user.token).delete(`/csv-files/${String(file?.['id'])}`);
    const other = await uploadAll(user, { ...upload, bytes: hourlyCsv('a', 30, (i) => -i), chunks: 1 });
    expect(other.body).toMatchObject({ assembled: true, file: { rows: 30 } });
  });

  it('is refused while a job works on it, unless it is forced', async () => {
    const session = await smallSession(user);
    await startTraining(user, session, LONG_TRAINING);
    const [file] = await filesOf(user, session);
    const refused = await api(user.token).delete(`/csv-files/${String(file?.['id'])}`);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'TRAINING_IN_PROGRESS', workflowId: `training-${await uuidOf(user, session)}` },
    });
    expect(await filesOf(user, session)).toHaveLength(4);
    expect((await api(user.token).delete(`/csv-files/${String(file?.['id'])}?force=true`)).status).toBe(200);
    expect((await api(user.token).get(`/status/${session}`)).body).toMatchObject({ status: 'cancelled' });
    expect(await filesOf(user, session)).toHaveLength(3);
  }, 120_000);
});

describe('deleting sessions', () => {
  let user: User;
  beforeEach(async () => {
    user = await signUpUser();
  });

  it('leaves no row and no object, and answers 404 the second time', async () => {
    const session = await smallSession(user);
    const uuid = await uuidOf(user, session);
    const { socket, events } = await joinSession(user, session);
    expect(await api(user.token).post(`/session/${session}/delete`)).toMatchObject({
      status: 200,
      body: { success: true, message: `Session ${session} deleted successfully` },
    });
    expect(await api(user.token).post(`/session/${session}/delete`)).toMatchObject({ status: 404, body: { code: 'SESSION_NOT_FOUND' } });
    for (const bucket of ['csv-files', 'aus-csv-files']) expect(await objectsOf(user, uuid, bucket)).toEqual([]);
    repeats('POST /session/{session_id}/delete');
    const told = await waitFor(() => events.find(({ name }) => name === 'session_deleted'));
    expect(told.payload).toMatchObject({ session_id: session, session_uuid: uuid });
    socket.close();
  });

  it('is refused while a training runs; by force the training is cancelled first', async () => {
    const session = await smallSession(user);
    await startTraining(user, session, LONG_TRAINING);
    const refused = await api(user.token).post(`/session/${session}/delete`);
    expect([refused.status, refused.body['code'], refused.body['status']]).toEqual([409, 'TRAINING_IN_PROGRESS', expect.any(String)]);
    expect((await api(user.token).post(`/session/${session}/delete`, { force: true })).status).toBe(200);
    expect((await api(user.token).get(`/session/${session}`)).status).toBe(404);
  }, 120_000);

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty object', {}],
    ['a text', { confirm_delete_all: 'true' }],
    ['a number', { confirm_delete_all: 1 }],
    ['a no', { confirm_delete_all: false }],
  ])('asks for a confirmation when all are to go and the body says %s', async (_, body) => {
    await openSession(user);
    const answer = await api(user.token).post('/delete-all-sessions', body);
    expect(answer).toMatchObject({ status: 400, body: { success: false, code: 'CONFIRMATION_REQUIRED' } });
    expect(answer.body['message']).toContain('confirm_delete_all');
    expect((await api(user.token).get('/list-sessions')).body['total_count']).toBe(1);
  });

  it('takes the confirmation as a form field too', async () => {
    const urlencoded = (body: string) =>
      api(user.token).raw('POST', '/delete-all-sessions', { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect((await urlencoded('confirm_delete_all=no')).body['code']).toBe('CONFIRMATION_REQUIRED');
    for (const word of ['true', '1', 'yes']) expect((await urlencoded(`confirm_delete_all=${word}`)).status).toBe(200);
    const form = new FormData();
    form.set('confirm_delete_all', 'yes');
    expect((await api(user.token).form('/delete-all-sessions', form)).status).toBe(200);
    const broken = { body: '{', headers: { 'content-type': 'application/json' } };
    expect((await api(user.token).raw('POST', '/delete-all-sessions', broken)).body['code']).toBe('MALFORMED_JSON');
    expect(
      (await api(user.token).raw('POST', '/delete-all-sessions', { body: 'x', headers: { 'content-type': 'text/plain' } })).status,
    ).toBe(415);
  });

  it('deletes all of the caller and none of anybody else, and says how much', async () => {
    const other = await signUpUser();
    const kept = await openSession(other);
    const session = await openSession(user);
    await openSession(user);
    const bytes = hourlyCsv('a', 50, (i) => i);
    await uploadAll(user, { sessionId: session, fileName: 'a.csv', bytes });
    await sendChunk(user, { sessionId: session, fileName: 'b.csv', bytes, chunks: 2 }, 0);
    await api(user.token).post('/save-zeitschritte', { sessionId: session, zeitschritte: { eingabe: '3' } });

    const { status, body } = await api(user.token).post('/delete-all-sessions', { confirm_delete_all: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, message: 'Deleted 2 sessions for user' });
    // two sessions with a string id each, one file, one row of steps, two uploads
    const counts = { sessions: 2, session_mappings: 2, files: 1, zeitschritte: 1, uploads: 2, time_info: 0, training_results: 0 };
    expect(body['details']).toMatchObject({
      initial_counts: counts,
      deleted_counts: counts,
      storage_deleted: { 'csv-files': 1, 'upload-chunks': 1 },
      local_deleted: { directories: 0, files: 0 },
    });
    expect(body['summary']).toEqual({
      database_records_deleted: 8,
      storage_files_deleted: 2,
      local_directories_deleted: 0,
      local_files_deleted: 0,
    });
    expect((await api(user.token).get('/list-sessions')).body).toMatchObject({ total_count: 0, sessions: [] });
    expect((await api(other.token).get(`/session/${kept}`)).status).toBe(200);

    const again = await api(user.token).post('/delete-all-sessions', { confirm_delete_all: true });
    expect(again).toMatchObject({
      status: 200,
      body: { message: 'No sessions found for this user', summary: { database_records_deleted: 0 } },
    });
    repeats('POST /delete-all-sessions');
  });

  it('deletes none while a job of any of them runs; by force every job is cancelled first', async () => {
    const busy = await smallSession(user);
    await openSession(user);
    await startTraining(user, busy, LONG_TRAINING);
    const confirm = { confirm_delete_all: true };
    const refused = await api(user.token).post('/delete-all-sessions', confirm);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'TRAINING_IN_PROGRESS', workflowId: expect.stringMatching(/^training-/) as string },
    });
    expect((await api(user.token).get('/list-sessions')).body['total_count']).toBe(2);
    const forced = await api(user.token).post('/delete-all-sessions?force=true', confirm);
    expect(forced).toMatchObject({ status: 200, body: { message: 'Deleted 2 sessions for user' } });
  }, 120_000);
});
