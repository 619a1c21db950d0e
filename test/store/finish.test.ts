import { randomUUID } from 'node:crypto';
import type { FinishPayload, SavedModelRow } from '../../src/store';
import {
  closeDatabase,
  datasetRow,
  datasetStart,
  newOwner,
  newSession,
  openStore,
  sha256,
  sql,
  trainingStart,
  usage,
  type Owner,
} from './support';

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

async function begin(start: ReturnType<typeof trainingStart> | ReturnType<typeof datasetStart>) {
  await service.beginJob(start);
  await service.openRun(start.job.runId, randomUUID());
  return start.job.runId;
}

const model = (runId: string, filename = `lin_${runId}.json`): Omit<SavedModelRow, 'id' | 'session_id' | 'created_at'> => ({
  run_id: runId,
  filename,
  model_type: 'Linear',
  model_class: 'LIN',
  dataset_name: 'd',
  format: 'json',
  path_in_results: null,
  bucket: 'models',
  object_path: `${owner.id}/${sessionId}/${runId}/${filename}`,
  size_bytes: 3,
  sha256: sha256(filename),
});

const success = (runId: string): FinishPayload => ({
  event: { run_id: runId, status: 'completed', seq: 0, progress_percent: 0, metrics: { MAE: 1 } },
  message: 'Training completed successfully',
  result: {
    results_file_path: `${owner.id}/${sessionId}/${runId}/training_results_20240101_000000.json.gz`,
    arrays_file_path: `${owner.id}/${sessionId}/${runId}/test_data.npz`,
    file_size_bytes: 1000,
    results_metadata: { accuracy: null, loss: 0.5 },
    model_type: 'Linear',
    df_eval: { Load: { MAE: [1, null] } },
  },
  models: [model(runId)],
});

async function train(payload?: Partial<FinishPayload>) {
  const runId = await begin(trainingStart(owner, sessionId));
  const done = await service.finishJob(runId, 'completed', { ...success(runId), ...payload });
  return { runId, done };
}

describe('a completed training', () => {
  it('has its result, models and terminal event in one step', async () => {
    const runId = await begin(trainingStart(owner, sessionId));
    await service.recordProgress(runId, { attempt: true, status: 'running', phase: 'training', progress: 40 });
    await service.recordProgress(runId, { phase: 'persisting', progress: 95, seq: 1_000_007 });
    const done = await service.finishJob(runId, 'completed', success(runId));

    const [result] = await owner.store.results(sessionId);
    expect(result).toMatchObject({
      run_id: runId,
      status: 'completed',
      model_type: 'Linear',
      model_internal: 'LIN',
      parameters: { MODE: 'Linear' },
      file_size_bytes: 1000,
      results_metadata: { accuracy: null, loss: 0.5 },
      df_eval: { Load: { MAE: [1, null] } },
      metrics_version: 1,
      error_code: null,
    });
    expect(result?.completed_at).not.toBeNull();
    expect(await owner.store.models(sessionId)).toMatchObject([
      { run_id: runId, filename: `lin_${runId}.json`, format: 'json', size_bytes: 3 },
    ]);
    // above every number that an event without a row write can have had
    expect(done).toMatchObject({
      status: 'completed',
      refunded: false,
      event: { seq: 2_000_000, progress_percent: 100, result_id: result?.id, refunded: false, metrics: { MAE: 1 } },
    });
    expect(await service.run(runId)).toMatchObject({
      status: 'completed',
      phase: 'completed',
      overall_progress: 100,
      completed_steps: 7,
      seq: 2_000_000,
      last_event: done.event,
      error_code: null,
    });
    expect(await owner.store.session(sessionId)).toMatchObject({ workflow_phase: 'phase4' });
  });

  it('answers the same to a repetition and ignores another ending', async () => {
    const { runId, done } = await train();
    const before = await service.run(runId);
    expect(await service.finishJob(runId, 'completed', success(runId))).toEqual(done);
    expect(await service.finishJob(runId, 'failed', { event: {}, message: 'late', errorCode: 'LATE' })).toEqual(done);
    expect(await service.run(runId)).toEqual(before);
    expect(await owner.store.results(sessionId)).toHaveLength(1);
  });

  it('is told once', async () => {
    const { runId } = await train();
    const told = await Promise.all(Array.from({ length: 6 }, () => service.markPublished(runId)));
    expect(told.filter(Boolean)).toHaveLength(1);
  });

  it('is not told before it is over', async () => {
    const runId = await begin(trainingStart(owner, sessionId));
    expect(await service.markPublished(runId)).toBe(false);
  });

  it('removes results beyond those kept, failed ones before it, and queues their objects', async () => {
    const failed = await begin(trainingStart(owner, sessionId));
    await service.finishJob(failed, 'failed', { event: {}, message: 'failed', errorCode: 'INTERNAL_ERROR', errorMessage: 'A sentence' });
    const runs = [];
    for (let i = 0; i < 3; i++) runs.push((await train({ resultsToKeep: 2 })).runId);
    const [oldest = '', ...kept] = runs;
    expect((await owner.store.results(sessionId)).map(({ run_id }) => run_id)).toEqual(kept.reverse());
    expect((await owner.store.models(sessionId)).map(({ run_id }) => run_id)).toEqual(kept);
    const queued = await sql<{ object_path: string }>(
      'select object_path from public.storage_deletions where object_path like $1 order by 1',
      [`%/${oldest}/%`],
    );
    expect(queued.map(({ object_path: path }) => path.split('/')[3])).toEqual([
      `lin_${oldest}.json`,
      'test_data.npz',
      'training_results_20240101_000000.json.gz',
    ]);
  });

  it('takes over the file name of a model of the same second', async () => {
    const first = await train();
    const second = await begin(trainingStart(owner, sessionId));
    await service.finishJob(second, 'completed', { ...success(second), models: [model(second, `lin_${first.runId}.json`)] });
    expect(await owner.store.models(sessionId)).toMatchObject([{ run_id: second, filename: `lin_${first.runId}.json` }]);
  });

  it('queues what the run no longer needs', async () => {
    const checkpoint = `${owner.id}/${sessionId}/${randomUUID()}/checkpoint_9`;
    await train({ obsoleteObjects: [{ bucket: 'training-results', path: checkpoint }] });
    expect(await sql('select bucket from public.storage_deletions where object_path = $1', [checkpoint])).toEqual([
      { bucket: 'training-results' },
    ]);
  });
});

describe('a run without success', () => {
  it.each(['failed', 'cancelled'] as const)('that %s before training began gives the unit back and restores the phase', async (status) => {
    const user = await newOwner(store);
    const session = await newSession(user);
    const start = trainingStart(user, session);
    const runId = await begin(start);
    await service.recordProgress(runId, { status: 'running', phase: 'dataset', progress: 12 });
    const done = await service.finishJob(runId, status, {
      event: { phase: 'dataset' },
      message: 'over',
      errorCode: 'NOT_FEASIBLE',
      errorDetails: [{ code: 'NO_WINDOWS', message: 'm' }],
    });
    expect(done).toMatchObject({ status, refunded: true, event: { refunded: true, progress_percent: 12, phase: 'dataset' } });
    expect(await usage(user.id)).toMatchObject({ training: 0 });
    expect(await user.store.session(session)).toMatchObject({ workflow_phase: 'upload' });
    expect(await user.store.results(session)).toMatchObject([
      { status, error_code: 'NOT_FEASIBLE', error_details: [{ code: 'NO_WINDOWS', message: 'm' }], model_internal: 'LIN' },
    ]);
    expect(await service.run(runId)).toMatchObject({ status, phase: 'dataset', overall_progress: 12 });
  });

  it('keeps the unit once training has begun, and a second refund changes nothing', async () => {
    const user = await newOwner(store);
    const runId = await begin(trainingStart(user, await newSession(user)));
    await service.recordProgress(runId, { status: 'running', phase: 'training', progress: 25 });
    expect(await service.finishJob(runId, 'cancelled', { event: {}, message: 'cancelled' })).toMatchObject({ refunded: false });
    const [charge] = await sql<{ id: string; state: string }>('select id, state from public.usage_charges where user_id = $1', [user.id]);
    expect(charge?.state).toBe('committed');
    expect(await sql('select public.refund_charge($1) as done', [charge?.id])).toEqual([{ done: false }]);
    expect(await usage(user.id)).toMatchObject({ training: 1 });
  });

  it('of a dataset gives the unit back at any phase and writes no result', async () => {
    const user = await newOwner(store);
    const session = await newSession(user);
    const runId = await begin(datasetStart(user, session));
    await service.recordProgress(runId, { status: 'running', phase: 'persisting', progress: 96 });
    expect(await service.finishJob(runId, 'failed', { event: {}, message: 'm' })).toMatchObject({ refunded: true });
    expect(await usage(user.id)).toMatchObject({ processing: 0 });
    expect(await user.store.results(session)).toEqual([]);
  });
});

describe('a completed dataset', () => {
  it('sets the number of windows and spends its unit once for the same content', async () => {
    const user = await newOwner(store);
    const session = await newSession(user);
    const first = await begin(datasetStart(user, session));
    const event = { progress: 0, progress_percent: 0 };
    expect(await service.finishJob(first, 'completed', { event, message: 'done', nDat: 443 })).toMatchObject({
      event: { progress: 100, progress_percent: 100 },
    });
    expect(await user.store.session(session)).toMatchObject({ n_dat: 443, n_dat_source: 'windows', workflow_phase: 'phase2' });
    // the same content once more is free, and its failure gives nothing back
    const again = await begin(datasetStart(user, session));
    expect(await service.finishJob(again, 'failed', { event, message: 'failed' })).toMatchObject({ refunded: false });
    expect(await usage(user.id)).toMatchObject({ processing: 1 });
    expect(await user.store.session(session)).toMatchObject({ n_dat: 443, workflow_phase: 'phase2' });
  });

  const dataset = (hash: string) => datasetRow(owner, sessionId, hash, { run_id: randomUUID(), size_bytes: 2_000_000_000 });
  const pending = async (hash: string) =>
    (
      await sql<{ due: boolean }>(`select not_before <= now() as due from public.storage_deletions where object_path like $1`, [
        `%/${sessionId}/dataset_${hash}/%`,
      ])
    ).map(({ due }) => due);

  it('replaces the session’s one dataset; objects of the old one stay for an hour', async () => {
    await service.saveDataset(dataset('one'));
    await service.saveDataset(dataset('one'));
    await service.saveDataset(dataset('two'));
    expect(await service.dataset(sessionId)).toMatchObject({ ...dataset('two'), run_id: expect.any(String) as string });
    expect(await sql('select 1 from public.datasets where session_id = $1', [sessionId])).toHaveLength(1);
    expect(await pending('one')).toEqual([false, false]);
    expect(await pending('two')).toEqual([]);
    // back to the first content before its objects were removed: they must stay
    await service.saveDataset(dataset('one'));
    expect(await pending('one')).toEqual([]);
  });

  it('counts the bytes of the current dataset only', async () => {
    const user = await newOwner(store);
    const session = await newSession(user);
    const own = (hash: string) => ({
      ...dataset(hash),
      session_id: session,
      object_path: `${user.id}/${session}/dataset_${hash}/manifest.json`,
    });
    await service.saveDataset(own('one'));
    await service.saveDataset(own('two'));
    expect((await usage(user.id)).storage).toBe(2);
  });

  it('replaces all violin plots at once and keeps their order', async () => {
    const plot = (name: string, type: 'violin_plot' | 'other' = 'violin_plot') => ({
      plot_name: name,
      image_data: 'data:image/png;base64,AAAA',
      plot_type: type,
      label: 'IN1',
      side: 'input' as const,
      plot_metadata: { n: 1 },
    });
    await service.replaceViolins(
      sessionId,
      'h1',
      ['z', 'a', 'm'].map((name) => plot(name)),
    );
    expect((await owner.store.visualizations(sessionId)).map(({ plot_name: name }) => name)).toEqual(['z', 'a', 'm']);
    await service.replaceViolins(sessionId, 'h2', [plot('new')]);
    expect(await owner.store.visualizations(sessionId)).toMatchObject([
      { plot_name: 'new', dataset_hash: 'h2', plot_metadata: { n: 1 }, label: 'IN1', side: 'input' },
    ]);
  });

  it('takes plots of several megabytes', async () => {
    const image = `data:image/png;base64,${'A'.repeat(200_000)}`;
    const plots = Array.from({ length: 40 }, (_, i) => ({
      plot_name: `p${i}`,
      image_data: image,
      plot_type: 'violin_plot' as const,
      label: null,
      side: null,
      plot_metadata: null,
    }));
    await service.replaceViolins(sessionId, 'h', plots);
    expect(await owner.store.visualizations(sessionId)).toHaveLength(40);
  });
});

describe('reading results', () => {
  it('finds them newest first, by state and by id, and only in their session', async () => {
    const first = await train();
    const failed = await begin(trainingStart(owner, sessionId));
    await service.finishJob(failed, 'failed', { event: {}, message: 'failed' });
    const all = await owner.store.results(sessionId);
    expect(all.map(({ run_id }) => run_id)).toEqual([failed, first.runId]);
    expect(await owner.store.results(sessionId, { status: 'completed' })).toMatchObject([{ run_id: first.runId }]);
    expect(await owner.store.results(sessionId, { limit: 1 })).toMatchObject([{ run_id: failed }]);
    expect(await owner.store.results(sessionId, { id: all[1]?.id ?? '' })).toMatchObject([{ run_id: first.runId }]);
    expect(await owner.store.results(await newSession(owner), { id: all[1]?.id ?? '' })).toEqual([]);
    expect(await owner.store.evaluationTables(sessionId)).toBeNull();
  });
});
