import { randomUUID } from 'node:crypto';
import {
  assembled,
  chunk,
  closeDatabase,
  datasetRow,
  givePlan,
  newOwner,
  newSession,
  openStore,
  sql,
  storeFile,
  stringId,
  trainingStart,
  usage,
} from './support';
import type { Owner } from './support';

const store = openStore();
const { service } = store;
let owner: Owner;
let sessionId: string;
beforeAll(async () => {
  owner = await newOwner(store);
});
beforeEach(async () => {
  sessionId = await newSession(owner);
});
afterAll(closeDatabase);

const row = (bezeichnung: string, more: object = {}) => ({
  session_id: sessionId,
  file_name: 'a.csv',
  type: 'input' as const,
  bezeichnung,
  ...more,
});
const uploadsLeft = () => sql('select 1 from public.uploads where session_id = $1', [sessionId]);

describe('a file row without an upload', () => {
  it('takes the next number of its type, counts, and makes a later finalize a first one', async () => {
    await service.finalizeSession({ sessionId, timeInfo: null, zeitschritte: null, contentHash: null });
    expect(await owner.store.createFile(row('one'))).toMatchObject({ color_index: 0, sha256: null, valid: null, skalierung: null });
    expect(await owner.store.createFile(row('two', { skalierung: 'ja' }))).toMatchObject({ color_index: 1, skalierung: 'ja' });
    expect(await owner.store.session(sessionId)).toMatchObject({ file_count: 2, finalized: true, finalized_at: null });
  });

  it('is one however many ask for it at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => owner.store.createFile(row('one'))));
    expect(made.filter((one) => one === 'duplicate')).toHaveLength(7);
  });

  it('does not take the id of another one', async () => {
    const id = randomUUID();
    await owner.store.createFile(row('one', { id }));
    expect(await owner.store.createFile(row('two', { id }))).toBe('duplicate');
  });
});

describe('deleting a file', () => {
  it('removes it with its upload, its object, its storage and the cached dataset', async () => {
    const before = (await usage(owner.id)).storage;
    const { file } = await storeFile(store, owner, sessionId, 'a.csv', 'x'.repeat(5000));
    const other = await storeFile(store, owner, sessionId, 'b.csv', 'other');
    await service.saveDataset(datasetRow(owner, sessionId, 'h'));
    expect(await owner.store.deleteFile(file.id)).toEqual({ found: true, activeJob: null, fileName: 'a.csv' });
    expect((await owner.store.files(sessionId)).map(({ id }) => id)).toEqual([other.file.id]);
    expect(await uploadsLeft()).toHaveLength(1);
    expect(await owner.store.dataset(sessionId)).toBeNull();
    expect(await owner.store.session(sessionId)).toMatchObject({ file_count: 1, finalized_at: null });
    const queued = await sql<{ object_path: string }>(`select object_path from public.storage_deletions where object_path like $1`, [
      `${owner.id}/${sessionId}/%`,
    ]);
    expect(queued.map(({ object_path: path }) => path)).toEqual(expect.arrayContaining([file.storage_path]));
    expect((await usage(owner.id)).storage).toBeCloseTo(before + 5 / 1e9, 12); // the bytes of 'other'
    expect(await owner.store.deleteFile(file.id)).toEqual({ found: false, activeJob: null, fileName: null });
  });

  it('ends every upload of its key, also one that does not know its label yet, and no other', async () => {
    const { ref } = await storeFile(store, owner, sessionId, 'load.csv', 'abc');
    const refused = await service.registerChunk(chunk(owner, sessionId, 'part', { bezeichnung: null, type: null, totalChunks: 3 }));
    await service.registerChunk(chunk(owner, sessionId, 'part', { bezeichnung: 'Other', totalChunks: 4 }));
    const [file] = await owner.store.files(sessionId);
    await owner.store.deleteFile(file?.id ?? '');
    expect(await service.upload(ref.uploadId)).toBeNull();
    expect(await service.upload(refused.uploadId ?? '')).toBeNull();
    expect(await uploadsLeft()).toHaveLength(1);
  });

  it('makes an assembly under way of the same key end without a file', async () => {
    const made = await owner.store.createFile(row('load', { file_name: 'load.csv' }));
    const received = await service.registerChunk(chunk(owner, sessionId, 'abc', { totalChunks: 1 }));
    await owner.store.deleteFile(made === 'duplicate' ? '' : made.id);
    const ref = { uploadId: received.uploadId ?? '', generation: received.generation, attempt: received.attempt };
    expect(await service.completeUpload(ref, assembled(owner, sessionId, 'abc'))).toMatchObject({ outcome: 'gone' });
    expect(await owner.store.files(sessionId)).toEqual([]);
  });

  it('is refused while a job of its session is active', async () => {
    const { file } = await storeFile(store, owner, sessionId, 'a.csv', 'abc');
    const start = trainingStart(owner, sessionId);
    await service.beginJob(start);
    expect((await owner.store.activeJobs()).map(({ run_id: id }) => id)).toEqual([start.job.runId]);
    expect(await owner.store.deleteFile(file.id)).toMatchObject({
      found: true,
      activeJob: { job: 'training', workflow_id: start.workflowId },
    });
    expect(await owner.store.file(file.id)).not.toBeNull();
    await service.finishJob(start.job.runId, 'cancelled', { event: {}, message: '' });
    expect(await owner.store.activeJobs()).toEqual([]);
    expect(await owner.store.deleteFile(file.id)).toMatchObject({ found: true, activeJob: null });
  });
});

describe('withdrawing an upload', () => {
  it('leaves nothing of a refused one, and nothing changes for one that was not refused', async () => {
    const poor = await newOwner(store);
    await givePlan(poor.id, { processing: 0, training: 0 });
    const own = await newSession(poor);
    const received = await service.registerChunk(chunk(poor, own, 'abc', { totalChunks: 1 }));
    const ref = { uploadId: received.uploadId ?? '', generation: received.generation, attempt: received.attempt };
    await service.withdrawUpload(ref);
    expect(await service.upload(ref.uploadId)).toMatchObject({ status: 'assembling' });
    expect(await service.completeUpload(ref, assembled(poor, own, 'abc'))).toMatchObject({ outcome: 'limit_reached' });
    await service.withdrawUpload({ ...ref, generation: 2 });
    expect(await service.upload(ref.uploadId)).toMatchObject({ status: 'failed' });
    const [object] = await service.chunks(ref.uploadId, 1);
    await service.withdrawUpload(ref);
    expect(await service.upload(ref.uploadId)).toBeNull();
    expect(await sql('select 1 from public.storage_deletions where object_path = $1', [object?.object_path])).toHaveLength(1);
  });
});

describe('what a session has', () => {
  it('is told without its content', async () => {
    expect(await owner.store.resultsOverview(sessionId)).toEqual({ hasCompletedRun: false, modelCount: 0, violinSides: [] });
    const plot = { image_data: 'data:,', label: null, plot_metadata: null };
    await service.replaceViolins(sessionId, 'h', [
      { ...plot, plot_name: 'output_a', plot_type: 'violin_plot', side: 'output' },
      { ...plot, plot_name: 'input_a', plot_type: 'violin_plot', side: 'input' },
      { ...plot, plot_name: 'input_b', plot_type: 'violin_plot', side: 'input' },
      { ...plot, plot_name: 'forecast', plot_type: 'other', side: 'time' },
    ]);
    expect((await owner.store.resultsOverview(sessionId)).violinSides).toEqual(['input', 'output']);
  });

  it('are, of all sessions deleted together, the ids their rooms are known by', async () => {
    const user = await newOwner(store);
    const ref = stringId();
    const named = await user.store.createSession({ ref, name: null, timeInfo: null, zeitschritte: null });
    const plain = await user.store.createSession({ ref: randomUUID(), name: null, timeInfo: null, zeitschritte: null });
    const { sessions } = await user.store.deleteAllSessions();
    const expected = [
      { sessionId: named.sessionId, stringId: ref },
      { sessionId: plain.sessionId, stringId: null },
    ];
    expect(sessions).toHaveLength(2);
    expect(sessions).toEqual(expect.arrayContaining(expected));
  });
});

describe('tables saved by a client', () => {
  it('are replaced as a whole, with a new time', async () => {
    const tables = { df_eval: { a: 1 }, df_eval_ts: { b: 2 }, model_type: 'Dense', run_id: null };
    const first = await owner.store.saveEvaluationTables(sessionId, tables);
    const second = await owner.store.saveEvaluationTables(sessionId, { ...tables, df_eval: {} });
    expect(Date.parse(second.updated_at)).toBeGreaterThanOrEqual(Date.parse(first.updated_at));
    expect(await owner.store.evaluationTables(sessionId)).toMatchObject({
      df_eval: {},
      df_eval_ts: { b: 2 },
      updated_at: second.updated_at,
    });
  });
});
