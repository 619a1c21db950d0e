import { randomUUID } from 'node:crypto';
import { api, repeats, signUpUser } from '../support';
import { chunkForm, hourlyCsv, newSessionId, openSession, sendChunk, sha256, uploadAll } from './scenario';
import type { Body, Upload, User } from './scenario';

describe('chunked upload', () => {
  let user: User;
  beforeAll(async () => {
    user = await signUpUser();
  });

  const csv = hourlyCsv('load', 300, (i) => Math.round(1000 * Math.sin(i / 7)) / 10);
  const upload = async (more: Partial<Upload> = {}): Promise<Upload> => ({
    sessionId: await openSession(user),
    fileName: 'load.csv',
    bytes: csv,
    fileType: 'input',
    bezeichnung: 'Load',
    chunks: 5,
    ...more,
  });
  const files = async (sessionId: string): Promise<Body[]> => (await api(user.token).get(`/csv-files/${sessionId}`)).body['data'] as Body[];

  it('assembles the same bytes whatever the order of the chunks', async () => {
    for (const order of [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [2, 0, 4, 1, 3],
    ]) {
      const one = await upload();
      const { status, body } = await uploadAll(user, one, order);
      expect([status, body['assembled'], (body['file'] as Body)['sha256']]).toEqual([200, true, sha256(csv)]);
      expect(body['file']).toMatchObject({
        fileName: 'load.csv',
        bezeichnung: 'Load',
        type: 'input',
        size: csv.length,
        rows: 300,
        columns: ['UTC', 'load'],
        separator: ';',
        valid: true,
        problems: [],
      });
    }
  });

  it('reports what it has and what is missing', async () => {
    const one = await upload();
    expect((await sendChunk(user, one, 3)).body).toMatchObject({
      message: 'Successfully received chunk 3 of 5',
      chunkIndex: 3,
      totalChunks: 5,
      received: 1,
      missing: [0, 1, 2, 4],
      duplicate: false,
      assembled: false,
    });
  });

  it('computes the statistics from the bytes', async () => {
    const { body } = await uploadAll(user, await upload());
    expect((body['file'] as Body)['statistics']).toMatchObject({
      utcMin: '2024-01-01 00:00:00',
      utcMax: '2024-01-13 11:00:00',
      zeitschrittweite: '60',
      offset: '0',
      datenpunkte: '300',
      numerischeDatenpunkte: '300',
      numerischerAnteil: '100',
    });
  });

  it('takes a chunk twice, before and after assembly, without changing anything', async () => {
    const one = await upload();
    await sendChunk(user, one, 0);
    expect((await sendChunk(user, one, 0)).body).toMatchObject({ success: true, duplicate: true, received: 1 });
    const { file } = (await uploadAll(user, one, [1, 2, 3, 4])).body;
    const again = await sendChunk(user, one, 2);
    expect(again).toMatchObject({ status: 200, body: { duplicate: true, assembled: true } });
    expect(again.body['file']).toEqual(file);
    expect(await files(one.sessionId)).toHaveLength(1);
    repeats('POST /upload-chunk');
  });

  it('refuses other bytes for a chunk it has', async () => {
    const one = await upload();
    await sendChunk(user, one, 0);
    for (const rest of [[], [1, 2, 3, 4]]) {
      await uploadAll(user, one, rest.length > 0 ? rest : [1]);
      expect(await sendChunk(user, one, 0, {}, Buffer.from('other'))).toMatchObject({
        status: 409,
        body: { code: 'CHUNK_CONFLICT', chunkIndex: 0 },
      });
    }
    expect((await files(one.sessionId))[0]?.['sha256']).toBe(sha256(csv));
  });

  it('keeps both files intact when their chunks interleave', async () => {
    const sessionId = await openSession(user);
    const other = hourlyCsv('t', 200, (i) => i % 24);
    const a: Upload = { sessionId, fileName: 'a.csv', bytes: csv, fileType: 'input', bezeichnung: 'A', chunks: 4 };
    const b: Upload = { sessionId, fileName: 'b.csv', bytes: other, fileType: 'output', bezeichnung: 'B', chunks: 4 };
    for (const k of [3, 0, 2, 1]) {
      await sendChunk(user, a, k);
      await sendChunk(user, b, (k + 1) % 4);
    }
    expect((await files(sessionId)).map((file) => [file['bezeichnung'], file['sha256']])).toEqual([
      ['A', sha256(csv)],
      ['B', sha256(other)],
    ]);
  });

  it('assembles once when all chunks arrive at the same time', async () => {
    const one = await upload({ chunks: 8 });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, k) => sendChunk(user, one, k)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(answers.some(({ body }) => body['assembled'] === true)).toBe(true);
    expect((await files(one.sessionId)).map((file) => file['sha256'] as string)).toEqual([sha256(csv)]);
  });

  it('refuses a chunk whose hash differs and stores nothing of it', async () => {
    const one = await upload();
    const answer = await sendChunk(user, one, 0, { chunkHash: sha256(Buffer.from('x')) });
    expect(answer).toMatchObject({ status: 422, body: { success: false, code: 'HASH_MISMATCH', scope: 'chunk', chunkIndex: 0 } });
    expect((await sendChunk(user, one, 1)).body['received']).toBe(1);
  });

  it('refuses a file whose hash differs, names the chunks, and mends when the wrong one is sent again', async () => {
    const one = await upload({ fileHash: sha256(csv) });
    await uploadAll(user, one, [0, 1, 2, 3]);
    const broken = await sendChunk(user, one, 4, {}, Buffer.from('2024-01-13 11:00:00;7\n'));
    expect(broken).toMatchObject({ status: 422, body: { code: 'HASH_MISMATCH', scope: 'file', expected: sha256(csv) } });
    expect((broken.body['chunkHashes'] as Body[]).map(({ index }) => index as number)).toEqual([0, 1, 2, 3, 4]);
    expect(await files(one.sessionId)).toEqual([]);
    expect((await sendChunk(user, one, 4)).body).toMatchObject({ assembled: true, file: { sha256: sha256(csv) } });
  });

  it('names file, row and column of a bad cell, stores the file as invalid, and jobs refuse it', async () => {
    const bad = Buffer.from('UTC;Leistung [kW]\n2024-01-01 00:00:00;1\n2024-01-01 01:00:00;abc\n2024-01-01 02:00:00;3\n');
    const one = await upload({ bytes: bad, chunks: 1, fileName: 'netz.csv', bezeichnung: 'Netz' });
    const { status, body } = await sendChunk(user, one, 0);
    const file = body['file'] as Body;
    expect([status, file['valid']]).toEqual([200, false]);
    const [problem] = file['problems'] as Body[];
    expect(problem).toMatchObject({ row: 3, code: 'CSV_NUMBER' });
    expect(problem?.['message']).toEqual(expect.stringContaining('Leistung [kW]'));
    expect(problem?.['message']).toEqual(expect.stringContaining('abc'));
    await sendChunk(user, { ...one, fileType: 'output', bytes: csv, bezeichnung: 'Out', fileName: 'out.csv' }, 0);
    await api(user.token).post('/save-zeitschritte', {
      sessionId: one.sessionId,
      zeitschritte: { eingabe: '3', ausgabe: '3', zeitschrittweite: '60', offset: '0' },
    });
    const job = await api(user.token).post(`/generate-datasets/${one.sessionId}`, {});
    expect([job.status, job.body['code']]).toEqual([400, 'INVALID_DATA']);
    expect((job.body['details'] as Body[])[0]).toMatchObject({ code: 'CSV_NUMBER', file: 'netz.csv', row: 3 });
  });

  it('refuses the same file key with other content', async () => {
    const one = await upload();
    await uploadAll(user, one);
    const other = { ...one, bytes: hourlyCsv('load', 10, (i) => i), chunks: 1 };
    const answer = await sendChunk(user, other, 0);
    expect(answer.status).toBe(409);
    expect(['DUPLICATE_FILE', 'UPLOAD_CONFLICT']).toContain(answer.body['code']);
    expect((await files(one.sessionId)).map((file) => file['sha256'] as string)).toEqual([sha256(csv)]);
  });

  it.each<[string, Body, string]>([
    ['no chunk index', { chunkIndex: undefined }, 'BAD_REQUEST'],
    ['an index beyond the total', { chunkIndex: 5 }, 'BAD_REQUEST'],
    ['a file name with a separator', { fileName: 'a/b.csv' }, 'INVALID_FILE_NAME'],
    ['a climbing file name', { fileName: '..' }, 'INVALID_FILE_NAME'],
    ['too many chunks', { totalChunks: 10_001 }, 'BAD_REQUEST'],
  ])('refuses %s', async (_, metadata, code) => {
    const answer = await sendChunk(user, await upload(), 0, metadata);
    expect([answer.status, answer.body['code']]).toEqual([400, code]);
  });

  it('refuses a request without file, without metadata, and with broken metadata', async () => {
    const form = (fill: (form: FormData) => void) => {
      const body = new FormData();
      fill(body);
      return api(user.token).form('/upload-chunk', body);
    };
    const chunk = new Blob(['x']);
    const sessionId = await openSession(user);
    const metadata = JSON.stringify({ sessionId, fileName: 'a.csv', chunkIndex: 0, totalChunks: 1 });
    expect(await form((body) => body.set('metadata', metadata))).toMatchObject({ status: 400, body: { code: 'MISSING_FILE' } });
    // a file input left empty; FormData would leave out the empty name
    const part = (head: string, content: string) => `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
    const unnamed = await api(user.token).raw('POST', '/upload-chunk', {
      body: `${part('name="metadata"', metadata)}${part('name="chunk"; filename=""', 'x')}--x--\r\n`,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    expect(unnamed.status).toBe(400);
    expect(JSON.parse(unnamed.bytes.toString())).toMatchObject({ code: 'MISSING_FILE', error: 'No chunk file selected' });
    expect(await form((body) => body.set('chunk', chunk, 'a.csv'))).toMatchObject({ status: 400, body: { code: 'MISSING_BODY' } });
    expect(
      await form((body) => {
        body.set('metadata', '{');
        body.set('chunk', chunk, 'a.csv');
      }),
    ).toMatchObject({ status: 400, body: { code: 'MALFORMED_JSON', field: 'metadata' } });
    expect(await api(user.token).post('/upload-chunk', {})).toMatchObject({ status: 415 });
  });

  it('takes the file part before the metadata, and numbers as text', async () => {
    const one = await upload({ chunks: 1 });
    const form = chunkForm(one, 0, { chunkIndex: '0', totalChunks: '1' });
    const turned = new FormData();
    for (const name of ['chunk', 'metadata']) turned.set(name, form.get(name));
    expect(await api(user.token).form('/upload-chunk', turned)).toMatchObject({ status: 200, body: { assembled: true } });
  });

  it('opens no session by itself', async () => {
    const one = await upload({ sessionId: newSessionId() });
    expect(await sendChunk(user, one, 0)).toMatchObject({ status: 404, body: { code: 'SESSION_NOT_FOUND' } });
  });

  it('ignores what the client says about storage and ownership', async () => {
    const one = await upload({
      chunks: 1,
      settings: { storagePath: 'x/y', id: '1756815731190', userId: randomUUID(), zeithorizontStart: '-3', zeithorizontEnd: '0' },
    });
    await sendChunk(user, one, 0);
    const [file] = await files(one.sessionId);
    expect(file).toMatchObject({ zeithorizont_start: '-3', zeithorizont_end: '0', color_index: 0 });
    expect(file?.['storage_path']).not.toBe('x/y');
  });
});
