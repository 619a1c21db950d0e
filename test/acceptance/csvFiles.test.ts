import { randomUUID } from 'node:crypto';
import { api, repeats, signUpUser } from '../support';
import { hourlyCsv, openSession, sendChunk, sha256, unitsCharged, uploadAll } from './scenario';
import type { Answer, Body, User } from './scenario';

const csv = hourlyCsv('load', 300, (i) => i % 7);

/** Fields before the file unless `fileFirst`. */
function fileForm(fields: Record<string, string>, bytes: Buffer = csv, { name = 'load.csv', fileFirst = false } = {}): FormData {
  const form = new FormData();
  const file = new Blob([new Uint8Array(bytes)]);
  if (fileFirst) form.append('file', file, name);
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  if (!fileFirst) form.append('file', file, name);
  return form;
}

describe('posting a file', () => {
  let user: User;
  let sessionId: string;
  beforeAll(async () => {
    user = await signUpUser();
  });
  beforeEach(async () => {
    sessionId = await openSession(user);
  });
  const post = (form: FormData): Promise<Answer> => api(user.token).form('/csv-files', form);
  const files = async (): Promise<Body[]> => (await api(user.token).get(`/csv-files/${sessionId}`)).body['data'] as Body[];

  it.each([false, true])('stores, parses and measures it as an upload in chunks would (file part first: %s)', async (fileFirst) => {
    const fields = { sessionId, fileName: 'Lüfter.csv', bezeichnung: 'Load', type: 'output', zeithorizontStart: '0', zeithorizontEnd: '3' };
    const { status, body } = await post(fileForm(fields, csv, { fileFirst }));
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      data: {
        id: expect.any(String) as string,
        message: 'CSV file created successfully',
        isNew: true,
        sha256: sha256(csv),
        size: csv.length,
        rows: 300,
        valid: true,
      },
    });
    const [row] = await files();
    expect(row).toMatchObject({
      id: (body['data'] as Body)['id'],
      file_name: 'Lüfter.csv',
      type: 'output',
      bezeichnung: 'Load',
      zeithorizont_start: '0',
      zeithorizont_end: '3',
      utc_min: '2024-01-01 00:00:00',
      utc_max: '2024-01-13 11:00:00',
      zeitschrittweite: '60',
      min: '0',
      max: '6',
      datenpunkte: '300',
    });
    const status2 = (await api(user.token).get(`/session-status/${sessionId}`)).body;
    expect(status2['files']).toMatchObject([{ fileName: 'Lüfter.csv', assembled: true, missing: [] }]);
  });

  it('takes the name of the part when no field says one, input as the type, and an unused UUID as its id', async () => {
    const id = randomUUID();
    const { body } = await post(fileForm({ session_id: sessionId, id }, csv, { name: 'Büro Ost.csv' }));
    expect((body['data'] as Body)['id']).toBe(id);
    expect(await files()).toMatchObject([{ id, file_name: 'Büro Ost.csv', bezeichnung: 'Büro Ost', type: 'input' }]);
    const other = await post(fileForm({ sessionId, id, fileName: 'b.csv' }));
    expect(other.status).toBe(200);
    expect((other.body['data'] as Body)['id']).not.toBe(id);
  });

  it('is charged once however often, in whatever way and at the same time the same file comes', async () => {
    const before = await unitsCharged(user);
    const fields = { sessionId, bezeichnung: 'Load' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(fileForm(fields))));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(new Set(answers.map(({ body }) => (body['data'] as Body)['id'])).size).toBe(1);
    expect(answers.filter(({ body }) => (body['data'] as Body)['isNew'] === true)).toHaveLength(1);
    expect((await post(fileForm(fields))).body['data']).toMatchObject({ isNew: false, sha256: sha256(csv) });
    const chunked = { sessionId, fileName: 'load.csv', bytes: csv, fileType: 'input' as const, bezeichnung: 'Load' };
    expect((await sendChunk(user, chunked, 0)).body).toMatchObject({ duplicate: true, assembled: true });
    expect(await files()).toHaveLength(1);
    expect(await unitsCharged(user)).toBe(before + 1);
    repeats('POST /csv-files');
  });

  it('knows a file again that came in chunks', async () => {
    const upload = { sessionId, fileName: 'load.csv', bytes: csv, fileType: 'input' as const, bezeichnung: 'Load', chunks: 4 };
    const { file } = (await uploadAll(user, upload)).body;
    const { body } = await post(fileForm({ sessionId, bezeichnung: 'Load' }));
    expect(body['data']).toMatchObject({ id: (file as Body)['id'], isNew: false });
  });

  it('refuses other content under the same key and keeps what is there', async () => {
    await post(fileForm({ sessionId }));
    const other = await post(
      fileForm(
        { sessionId },
        hourlyCsv('load', 10, (i) => i),
      ),
    );
    expect(other).toMatchObject({ status: 409, body: { success: false, code: 'DUPLICATE_FILE' } });
    const chunk = { sessionId, fileName: 'load.csv', bytes: csv.subarray(0, 100), fileType: 'input' as const, bezeichnung: 'load' };
    expect(await sendChunk(user, chunk, 0)).toMatchObject({ status: 409, body: { code: 'DUPLICATE_FILE' } });
    expect(await files()).toMatchObject([{ sha256: sha256(csv) }]);
    expect((await api(user.token).post('/finalize-session', { sessionId })).status).toBe(200);
  });

  it('refuses a file whose upload in chunks is under way', async () => {
    const upload = { sessionId, fileName: 'load.csv', bytes: csv, fileType: 'input' as const, bezeichnung: 'load', chunks: 4 };
    await sendChunk(user, upload, 0);
    expect(await post(fileForm({ sessionId }))).toMatchObject({ status: 409, body: { code: 'UPLOAD_CONFLICT' } });
  });

  it('compares the announced hash and stores nothing of other bytes', async () => {
    const wrong = await post(fileForm({ sessionId, fileHash: sha256(Buffer.from('x')) }));
    expect(wrong).toMatchObject({ status: 422, body: { code: 'HASH_MISMATCH', scope: 'file', actual: sha256(csv) } });
    expect([await files(), (await api(user.token).get(`/session-status/${sessionId}`)).body['files']]).toEqual([[], []]);
    expect((await post(fileForm({ sessionId, fileHash: sha256(csv).toUpperCase() }))).status).toBe(200);
  });

  it('keeps content that is no two-column CSV as an invalid file with its problems', async () => {
    const { body } = await post(fileForm({ sessionId }, Buffer.from('UTC;a\n2024-01-01 00:00:00;1\n2024-01-01 01:00:00;x\n')));
    expect(body['data']).toMatchObject({ isNew: true, valid: false });
    expect(await files()).toMatchObject([{ valid: false, problems: [{ row: 3, code: 'CSV_NUMBER' }] }]);
  });

  it('fills a row that waited for content, under its id and with its settings', async () => {
    const made = await api(user.token).post('/csv-files', {
      sessionId,
      fileData: { fileName: 'load.csv', zeithorizontStart: '-5', min: '99' },
    });
    expect(made.body['data']).toEqual({ id: expect.any(String) as string, message: 'CSV file created successfully', isNew: true });
    const { body } = await post(fileForm({ sessionId, zeithorizontEnd: '-1' }));
    expect(body['data']).toMatchObject({ id: (made.body['data'] as Body)['id'], isNew: false, rows: 300 });
    expect(await files()).toMatchObject([{ zeithorizont_start: '-5', zeithorizont_end: '-1', min: '0', valid: true, color_index: 0 }]);
  });

  it.each<[string, (id: string) => FormData, number, string, string | undefined]>([
    ['an empty form', () => new FormData(), 400, 'MISSING_BODY', undefined],
    ['no session', () => fileForm({ fileName: 'a.csv' }), 400, 'BAD_REQUEST', 'sessionId'],
    ['a malformed session', () => fileForm({ sessionId: 'x' }), 400, 'BAD_UUID', undefined],
    ['two sessions', (id) => fileForm({ sessionId: id, session_id: randomUUID() }), 400, 'BAD_REQUEST', 'session_id'],
    ['a path as name', (id) => fileForm({ sessionId: id, fileName: '../a.csv' }), 400, 'INVALID_FILE_NAME', 'fileName'],
    ['an unknown type', (id) => fileForm({ sessionId: id, type: 'sideways' }), 400, 'INVALID_FILE_METADATA', 'type'],
    ['a text too long', (id) => fileForm({ sessionId: id, datenform: 'x'.repeat(256) }), 400, 'INVALID_FILE_METADATA', 'datenform'],
    ['a hash that is none', (id) => fileForm({ sessionId: id, fileHash: 'abc' }), 400, 'BAD_REQUEST', 'fileHash'],
    ['an empty file', (id) => fileForm({ sessionId: id }, Buffer.alloc(0)), 400, 'MISSING_FILE', undefined],
  ])('refuses %s', async (_, form, status, code, field) => {
    const answer = await post(form(sessionId));
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([status, code, field]);
    expect(await files()).toEqual([]);
  });

  it.each(['../../etc/passwd.csv', 'a\\b.csv', 'sub/dir.csv', 'a..b.csv'])(
    'refuses the name of the part when it is a path: %s',
    async (name) => {
      const boundary = 'part';
      const part = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${csv.toString()}\r\n`;
      const session = `--${boundary}\r\nContent-Disposition: form-data; name="sessionId"\r\n\r\n${sessionId}\r\n`;
      const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
      const answer = await api(user.token).raw<Body>('POST', '/csv-files', { body: `${session}${part}--${boundary}--\r\n`, headers });
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_FILE_NAME', field: 'fileName' } });
      expect(await files()).toEqual([]);
    },
  );

  it('refuses a form without a file, and other content types', async () => {
    const form = new FormData();
    form.set('type', 'input');
    expect(await post(form)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', error: 'Session ID is required' } });
    form.set('sessionId', sessionId);
    expect(await post(form)).toMatchObject({ status: 400, body: { code: 'MISSING_FILE' } }); // and not that its name is missing
    form.set('fileName', 'a.csv');
    expect(await post(form)).toMatchObject({ status: 400, body: { code: 'MISSING_FILE' } });
    const text = { body: 'x', headers: { 'content-type': 'text/csv' } };
    expect((await api(user.token).raw('POST', '/csv-files', text)).status).toBe(415);
  });
});

describe('a row without content', () => {
  let user: User;
  let sessionId: string;
  beforeAll(async () => {
    user = await signUpUser();
  });
  beforeEach(async () => {
    sessionId = await openSession(user);
  });
  const create = (fileData: unknown): Promise<Answer> => api(user.token).post('/csv-files', { sessionId, fileData });

  it('costs nothing, is created once, and is answered again for equal data', async () => {
    const before = await unitsCharged(user);
    const data = {
      fileName: 'a.csv',
      bezeichnung: 'A',
      type: 'output',
      utcMin: '2024-01-01T00:00:00Z',
      skalierung: 'ja',
      storagePath: 'x/y',
    };
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(data)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(new Set(answers.map(({ body }) => (body['data'] as Body)['id'])).size).toBe(1);
    expect(answers.filter(({ body }) => (body['data'] as Body)['isNew'] === true)).toHaveLength(1);
    expect(await create({ ...data, skalierung: 'nein' })).toMatchObject({ status: 409, body: { code: 'DUPLICATE_FILE' } });
    const rows = (await api(user.token).get(`/csv-files/${sessionId}`)).body['data'];
    expect(rows).toMatchObject([
      {
        file_name: 'a.csv',
        bezeichnung: 'A',
        type: 'output',
        utc_min: '2024-01-01 00:00:00',
        skalierung: 'ja',
        storage_path: null,
        sha256: null,
      },
    ]);
    expect(await unitsCharged(user)).toBe(before);
    const view = (await api(user.token).get(`/session/${sessionId}`)).body['session'];
    expect(view).toMatchObject({ file_count: 1, files: [{ size: null }] });
  });

  it('takes an unused id and mints one where it is used', async () => {
    const id = randomUUID();
    expect((await create({ fileName: 'a.csv', id })).body['data']).toMatchObject({ id, isNew: true });
    const other = await create({ fileName: 'b.csv', id });
    expect(other).toMatchObject({ status: 200, body: { data: { isNew: true } } });
    expect((other.body['data'] as Body)['id']).not.toBe(id);
  });

  it.each<[string, unknown, string, string | undefined]>([
    ['nothing', undefined, 'MISSING_BODY', undefined],
    ['no data', {}, 'MISSING_BODY', 'fileData'],
    ['no session', { fileData: { fileName: 'a.csv' } }, 'BAD_REQUEST', 'sessionId'],
    ['data that is no object', { sessionId: 'own', fileData: [] }, 'INVALID_FILE_METADATA', 'fileData'],
    ['no name', { sessionId: 'own', fileData: {} }, 'INVALID_FILE_NAME', 'fileName'],
    ['a flag as label', { sessionId: 'own', fileData: { fileName: 'a.csv', bezeichnung: true } }, 'INVALID_FILE_METADATA', 'bezeichnung'],
  ])('is refused with %s', async (_, sent, code, field) => {
    const body = typeof sent === 'object' && sent !== null && 'sessionId' in sent ? { ...sent, sessionId } : sent;
    const answer = await api(user.token).post('/csv-files', body);
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([400, code, field]);
  });
});
