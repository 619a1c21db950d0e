import { ApplicationFailure } from '@temporalio/client';
import { uploadWorkflowId } from '../../src/workflows/ids';
import { serviceClient } from '../support';
import { record } from './histories';
import type { Bench, Session } from './support';
import { csv, newSession, openBench, putChunk, refOf, sha256, uploadFile } from './support';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const finalize = ({ id, ref }: Session) =>
  bench.workflows.finalize({ sessionId: id, sessionRef: ref, userId: bench.user.id, timeInfo: null, zeitschritte: null });

/** `text` in pieces of `size` characters */
const pieces = (text: string, size: number): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));

describe('the uploads of a session', () => {
  it('join interleaved chunks of two files, in any order, without mixing them', async () => {
    const session = await newSession(bench);
    const [a, b] = [csv(300, (i) => i), csv(200, (i) => -i)];
    const first = { fileName: 'a.csv', type: 'input', chunks: pieces(a, 2_000) } as const;
    const second = { fileName: 'b.csv', type: 'output', chunks: pieces(b, 3_000) } as const;
    const complete = [];
    for (let index = Math.max(first.chunks.length, second.chunks.length) - 1; index >= 0; index -= 1) {
      for (const upload of [first, second]) {
        if (index >= upload.chunks.length) continue;
        const done = await putChunk(bench, session, upload, index);
        if (done.complete) complete.push(done);
      }
    }
    const files = await Promise.all(complete.map((done) => bench.workflows.assemble(refOf(bench, session, done), 30_000)));
    const byName = Object.fromEntries(files.map((file) => [file?.fileName, file]));
    expect(byName['a.csv']).toMatchObject({
      sha256: sha256(a),
      rows: 300,
      valid: true,
      separator: ';',
      columns: ['UTC', 'Wert [kW]'],
      problems: [],
    });
    expect(byName['a.csv']?.statistics).toMatchObject({
      utcMin: '2024-01-01 00:00:00',
      zeitschrittweite: '15',
      min: '0',
      max: '299',
      datenpunkte: '300',
    });
    expect(byName['b.csv']).toMatchObject({ sha256: sha256(b), rows: 200, type: 'output', statistics: { min: '-199', max: '0' } });

    const rows = await bench.store.service.files(session.id);
    for (const row of rows)
      expect(sha256(await bench.store.objects.getBuffer(row.storage_bucket ?? '', row.storage_path ?? ''))).toBe(row.sha256);
    // the chunks are queued for removal with the row of their file: the API empties the queue behind its answer, the sweep without it
    const left = await bench.store.objects.list(bench.config.BUCKET_CHUNKS, `${bench.user.id}/${session.id}`);
    const { data: queued } = await serviceClient().from('storage_deletions').select('object_path').eq('bucket', bench.config.BUCKET_CHUNKS);
    expect(left).toHaveLength(first.chunks.length + second.chunks.length);
    expect(queued?.map((row) => row['object_path'] as string)).toEqual(expect.arrayContaining(left));
    // rows of both files: nothing has been generated yet
    expect(await finalize(session)).toMatchObject({ nDat: 500, nDatSource: 'rows', fileCount: 2 });
    await record('uploadSession', bench.workflows.client.workflow.getHandle(uploadWorkflowId(session.id)));
  }, 60_000);

  it('assemble one set once, however often its update is sent', async () => {
    const session = await newSession(bench);
    const upload = { fileName: 'once.csv', type: 'input', chunks: [csv(50, (i) => i)] } as const;
    const ref = refOf(bench, session, await putChunk(bench, session, upload, 0));
    const { client } = bench.workflows;
    const files = await Promise.all(Array.from({ length: 5 }, () => bench.workflows.assemble({ ...ref }, 30_000)));
    expect(new Set(files.map((file) => file?.id)).size).toBe(1);
    const { events } = await client.workflow.getHandle(uploadWorkflowId(session.id)).fetchHistory();
    expect(events?.filter(({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === 'assembleFile')).toHaveLength(1);
  }, 60_000);

  it('refuse bytes that are not those announced, keep the chunks, and take the file once the wrong chunk is replaced', async () => {
    const session = await newSession(bench);
    const good = csv(100, (i) => i);
    const announced = { fileName: 'hash.csv', type: 'input', expectedSha256: sha256(good) } as const;
    const broken = { ...announced, chunks: [good.slice(0, 900), good.slice(900).replace('9', '8')] };
    await putChunk(bench, session, broken, 0);
    const bad = await putChunk(bench, session, broken, 1);
    const refused: unknown = await bench.workflows.assemble(refOf(bench, session, bad), 30_000).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApplicationFailure);
    expect(refused).toMatchObject({
      type: 'HASH_MISMATCH',
      details: [{ scope: 'file', expected: sha256(good), actual: sha256(broken.chunks.join('')) }],
    });
    expect(await bench.store.service.upload(bad.uploadId ?? '')).toMatchObject({
      status: 'hash_mismatch',
      error_code: 'HASH_MISMATCH',
      received_count: 2,
    });
    expect(await bench.store.service.files(session.id)).toEqual([]);

    const repaired = await putChunk(bench, session, { ...announced, chunks: [good.slice(0, 900), good.slice(900)] }, 1);
    expect(repaired).toMatchObject({ outcome: 'replaced', attempt: bad.attempt + 1 });
    expect(await bench.workflows.assemble(refOf(bench, session, repaired), 30_000)).toMatchObject({ sha256: sha256(good), rows: 100 });
  }, 60_000);

  it('store a file that is no readable CSV as invalid, with its problems', async () => {
    const session = await newSession(bench);
    const file = await uploadFile(bench, session, { fileName: 'bad.csv', type: 'input', chunks: [csv(20, (i) => (i === 4 ? 'viel' : i))] });
    // line 1 is the header, so the fifth value stands in line 6
    expect(file).toMatchObject({ valid: false, problems: [{ row: 6, code: 'CSV_NUMBER' }] });
    expect(file.problems[0]?.message).toMatch(/viel/);
  }, 60_000);

  it('cannot be finalized while a file lacks chunks', async () => {
    const session = await newSession(bench);
    await putChunk(bench, session, { fileName: 'half.csv', type: 'input', chunks: ['UTC;x\n', '2024-01-01 00:00;1\n'] }, 0);
    await expect(finalize(session)).rejects.toMatchObject({
      type: 'UPLOAD_INCOMPLETE',
      details: [{ uploads: [{ fileName: 'half.csv', received: 1, totalChunks: 2, missing: [1] }] }],
    });
  }, 60_000);
});
