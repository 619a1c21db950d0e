/** What makes a chunk, or the whole it belongs to, unacceptable. */
import { api, serviceClient, signUpUser } from '../support';
import { itWith } from '../support/offers';
import { chunkForm, hourlyCsv, openSession, sendChunk, sha256, uploadAll } from './scenario';
import type { Answer, Body, Upload, User } from './scenario';

const csv = hourlyCsv('load', 100, (i) => i);

let user: User;
let upload: Upload;
beforeAll(async () => {
  user = await signUpUser();
});
beforeEach(async () => {
  upload = { sessionId: await openSession(user), fileName: 'load.csv', bytes: csv, fileType: 'input', bezeichnung: 'Load', chunks: 2 };
});

const files = async (): Promise<Body[]> => (await api(user.token).get(`/csv-files/${upload.sessionId}`)).body['data'] as Body[];

/** One chunk with other text in `additionalData`. */
function sendWith(additionalData: string): Promise<Answer> {
  const form = chunkForm(upload, 0);
  form.set('additionalData', additionalData);
  return api(user.token).form('/upload-chunk', form);
}

describe('a chunk', () => {
  it.each<[string, unknown, string]>([
    ['a type of file there is not', { fileMetadata: { type: 'sideways' } }, 'INVALID_FILE_METADATA'],
    ['time information that is a text', { timeInfo: 'all' }, 'INVALID_TIME_INFO'],
    ['too many steps', { zeitschritte: { eingabe: '4097' } }, 'INVALID_ZEITSCHRITTE'],
    ['a list', [1], 'BAD_REQUEST'],
  ])('is refused with %s beside it, and leaves nothing', async (_, additional, code) => {
    expect(await sendWith(JSON.stringify(additional))).toMatchObject({ status: 400, body: { success: false, code } });
    expect((await api(user.token).get<Body>(`/session/${upload.sessionId}`)).body['session']).toMatchObject({
      uploads: [],
      timeInfo: {},
      zeitschritte: {},
    });
  });

  it('is refused with more than 1 MiB of text beside it', async () => {
    const text = JSON.stringify({ fileMetadata: {}, padding: 'x'.repeat(1024 ** 2) });
    expect(await sendWith(text)).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
  });
});

describe('a file', () => {
  it('that is not as long as announced is not made; its chunks stay for repair', async () => {
    const extra = { fileSize: csv.length + 1 };
    expect((await sendChunk(user, upload, 0, extra)).status).toBe(200);
    const refused = await sendChunk(user, upload, 1, extra);
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'SIZE_MISMATCH', scope: 'file', expected: csv.length + 1, actual: csv.length },
    });
    expect(await files()).toEqual([]);
    expect((await api(user.token).post('/finalize-session', { sessionId: upload.sessionId })).body['code']).toBe('UPLOAD_INCOMPLETE');
    // the missing byte
    const longer = Buffer.concat([csv.subarray(Math.ceil(csv.length / 2)), Buffer.from('\n')]);
    expect((await sendChunk(user, upload, 1, extra, longer)).body).toMatchObject({ assembled: true });
  });

  it.each<[string, (fileHash: string) => Body]>([
    ['beside its settings', (fileHash) => ({ fileHash })],
    ['among its settings', (fileHash) => ({ fileMetadata: { fileHash } })],
  ])('is compared with a hash that stands %s', async (_, additional) => {
    upload.chunks = 1;
    const expected = sha256(Buffer.from('x'));
    expect(await sendWith(JSON.stringify(additional(expected)))).toMatchObject({
      status: 422,
      body: { code: 'HASH_MISMATCH', scope: 'file', expected, actual: sha256(csv) },
    });
    expect(await files()).toEqual([]);
  });

  it('whose number of chunks, hash or size changes on the way is refused', async () => {
    await sendChunk(user, upload, 0, { fileSize: csv.length, fileHash: sha256(csv) });
    for (const contradiction of [{ totalChunks: 3 }, { fileSize: 7 }, { fileHash: sha256(Buffer.from('x')) }])
      expect(await sendChunk(user, upload, 1, contradiction)).toMatchObject({ status: 409, body: { code: 'UPLOAD_CONFLICT' } });
    expect((await sendChunk(user, upload, 1)).body).toMatchObject({ assembled: true });
  });

  it('whose name, type and label turn out to be those of another one is not made', async () => {
    const first = await uploadAll(user, { ...upload, bezeichnung: 'load' });
    // without type and label it is known only at its end what they default to
    const second = { sessionId: upload.sessionId, fileName: 'load.csv', bytes: hourlyCsv('load', 20, (i) => -i), chunks: 3 };
    expect(await uploadAll(user, second)).toMatchObject({ status: 409, body: { code: 'DUPLICATE_FILE' } });
    expect((await files()).map((file) => file['id'] as string)).toEqual([(first.body['file'] as Body)['id']]);
  });

  it('keeps its name free while it is under way', async () => {
    await sendChunk(user, upload, 0);
    const other = await uploadAll(user, { ...upload, fileName: 'other.csv' });
    const renamed = await api(user.token).put(`/csv-files/${(other.body['file'] as Body)['id'] as string}`, { fileName: 'load.csv' });
    expect(renamed).toMatchObject({ status: 409, body: { code: 'DUPLICATE_FILE' } });
    expect((await sendChunk(user, upload, 1)).body).toMatchObject({ assembled: true });
  });

  itWith('service role')('that nobody went on with for a day has expired; chunk 0 starts it afresh', async () => {
    await sendChunk(user, upload, 1);
    const { sessionUuid } = (await api(user.token).get(`/get-session-uuid/${upload.sessionId}`)).body;
    const idle = new Date(Date.now() - 25 * 3_600_000).toISOString();
    const service = serviceClient();
    await service.from('uploads').update({ last_activity_at: idle }).eq('session_id', sessionUuid);
    const swept = await service.rpc('sweep_expired_uploads', { p_age: '24 hours', p_limit: 500 });
    expect(swept.error).toBeNull();
    expect(await sendChunk(user, upload, 1)).toMatchObject({ status: 410, body: { code: 'UPLOAD_EXPIRED' } });
    expect((await uploadAll(user, upload, [0, 1])).body).toMatchObject({ assembled: true, file: { sha256: sha256(csv) } });
  });
});
