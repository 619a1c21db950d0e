import type { JobState, TrainingJob } from '../../src/workflows/messages';
import { PIPELINE_QUEUE } from '../../src/workflows/queues';
import { serviceClient, waitFor } from '../support';
import { record } from './histories';
import type { Bench } from './support';
import { csv, DENSE, filledSession, listen, newSession, openBench, rowWhen, sha256, startJob, trainingJob, uploadFile } from './support';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const handle = (workflowId: string) => bench.workflows.client.workflow.getHandle<() => Promise<JobState>>(workflowId);

describe('training', () => {
  it('leads from queued row to stored result, telling every phase once and in order', async () => {
    const session = await filledSession(bench);
    const heard = await listen(bench, session);
    const job = await trainingJob(bench, session, DENSE);
    const workflowId = await startJob(bench, job);
    expect(await handle(workflowId).result()).toEqual({ runId: job.runId, phase: 'completed', status: 'completed' });
    await record('trainModels', handle(workflowId));

    const row = await bench.store.service.run(job.runId);
    expect(row).toMatchObject({ status: 'completed', phase: 'completed', completed_steps: 7, terminal_published: true });
    expect(Number(row?.overall_progress)).toBe(100);

    await heard.heardAll();
    const events = heard.events.map(({ name, payload }): Record<string, unknown> => ({ ...payload, name }));
    const progress = events.filter(({ name }) => name === 'training_progress');
    const phases = progress.map(({ phase }) => phase).filter((phase) => phase !== 'queued');
    expect([...new Set(phases)]).toEqual(['loading', 'dataset', 'training', 'evaluation', 'persisting', 'completed']);
    const seqs = events.map(({ seq }) => Number(seq));
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    const percents = progress.map(({ progress_percent }) => Number(progress_percent));
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(percents.filter((percent) => percent === 100)).toHaveLength(1);
    expect(events.filter(({ name }) => name === 'training_metrics').map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(events.at(-2)).toMatchObject({ name: 'training_progress', status: 'completed', progress_percent: 100 });
    expect(events.at(-1)).toMatchObject({ name: 'training_completed', success: true, model_type: 'Dense' });
    // 480 candidates; 12 before the first full input window of 3 h, 12 after the last full output window
    expect(events.at(-1)?.['n_dat']).toBe(456);
  }, 120_000);

  it('stores results, arrays and model files, and leaves no intermediate object in use', async () => {
    const session = await filledSession(bench);
    const job = await trainingJob(bench, session);
    await handle(await startJob(bench, job)).result();
    const { store, user, config } = bench;
    const mine = store.forUser(user.token);

    const [result] = await mine.results(session.id, { status: 'completed' });
    expect(result).toMatchObject({ run_id: job.runId, model_internal: 'LIN', n_dat: 456, n_timesteps: 13, compressed: true });
    // 70/20/10 of 456, rounded half to even
    expect(result?.results_metadata).toMatchObject({ n_train: 319, n_val: 91, n_test: 46, accuracy: null });
    expect(Object.keys(result?.df_eval ?? {})).toEqual(['target']);
    const objects = await store.objects.list(config.BUCKET_RESULTS, `${user.id}/${session.id}/${job.runId}`);
    expect(objects).toEqual(expect.arrayContaining([result?.results_file_path, result?.arrays_file_path]));
    expect(objects.filter((name) => /forecast\.bin|training_report|checkpoint/.test(name))).toEqual([]);
    const models = await mine.models(session.id);
    expect(models).not.toHaveLength(0);
    for (const model of models) expect(sha256(await store.objects.getBuffer(model.bucket, model.object_path))).toBe(model.sha256);
    const queued = await deletions(session.id);
    expect(queued).toEqual(
      expect.arrayContaining([expect.stringMatching(/\/forecast\.bin$/), expect.stringMatching(/\/training_report\.json$/)]),
    );
  }, 120_000);

  it('is cancelled within three seconds, kills its child and says so once', async () => {
    const session = await filledSession(bench);
    const heard = await listen(bench, session);
    const job = await trainingJob(bench, session, { ...DENSE, units: 1024, layers: 4, epochs: 2000 });
    const workflowId = await startJob(bench, job);
    await rowWhen(bench, job.runId, ({ phase }) => phase === 'training', 90_000);

    const asked = Date.now();
    expect(await bench.workflows.cancelJob(workflowId)).toBe('signalled');
    const row = await rowWhen(bench, job.runId, ({ status }) => status === 'cancelled', 20_000);
    expect(Date.parse(row.completed_at ?? '') - asked).toBeLessThan(3_000);
    expect(await handle(workflowId).result()).toEqual({ runId: job.runId, phase: 'training', status: 'cancelled' });
    await record('cancelledTraining', handle(workflowId));

    await waitFor(() => heard.events.some(({ name }) => name === 'training_cancelled'));
    await heard.heardAll();
    expect(heard.events.filter(({ name }) => /training_(cancelled|error|completed)/.test(name)).map(({ name }) => name)).toEqual([
      'training_cancelled',
    ]);
    expect(heard.events.at(-1)?.name).toBe('training_cancelled');
    // training had begun: the unit is spent
    expect(row.last_event).toMatchObject({ refunded: false, phase: 'training' });
  }, 150_000);

  it('waits as queued, at its true place, while another one trains, and gives the unit back when it is cancelled there', async () => {
    const [busy, waiting] = [await filledSession(bench), await filledSession(bench)];
    const first = await trainingJob(bench, busy, { ...DENSE, units: 1024, layers: 4, epochs: 2000 });
    const firstId = await startJob(bench, first);
    await rowWhen(bench, first.runId, ({ phase }) => phase === 'training', 90_000);

    const before = await queuedTrainings(); // other suites may have left rows that nobody started
    const second = await trainingJob(bench, waiting);
    const secondId = await startJob(bench, second);
    // its dataset is built meanwhile, which needs no slot
    await waitFor(async () => (await bench.store.service.dataset(waiting.id))?.n_dat === 456, 30_000);
    expect(await bench.store.service.run(second.runId)).toMatchObject({ status: 'queued', phase: 'queued' });
    expect(await bench.store.service.queuePosition(second.runId)).toBe(before + 1);

    await bench.workflows.cancelJob(secondId);
    expect(await handle(secondId).result()).toEqual({ runId: second.runId, phase: 'queued', status: 'cancelled' });
    expect(await bench.store.service.run(second.runId)).toMatchObject({
      status: 'cancelled',
      last_event: { refunded: true, phase: 'queued' },
    });
    expect((await bench.store.service.run(first.runId))?.status).toBe('running');
    await bench.workflows.cancelJob(firstId);
    await handle(firstId).result();
  }, 180_000);

  it('ends as failed with the findings, and gives the unit back, when only the build shows that no window is complete', async () => {
    const session = await newSession(bench);
    // every fourth value is missing: some row of each window of thirteen is
    const holes = csv(200, (i) => (i % 4 === 0 ? '' : i));
    await uploadFile(bench, session, { fileName: 'in.csv', type: 'input', chunks: [holes] });
    await uploadFile(bench, session, { fileName: 'out.csv', type: 'output', chunks: [csv(200, (i) => i)] });
    await bench.store
      .forUser(bench.user.token)
      .saveZeitschritte(session.id, { eingabe: '13', ausgabe: '13', zeitschrittweite: '15', offset: '0' });
    const job = await trainingJob(bench, session);
    expect(await handle(await startJob(bench, job)).result()).toMatchObject({ status: 'failed' });

    const row = await bench.store.service.run(job.runId);
    expect(row).toMatchObject({ status: 'failed', error_code: 'NOT_FEASIBLE', training_began_at: null });
    expect(row?.error_details).toMatchObject([{ code: 'NO_WINDOWS' }]);
    expect(row?.last_event).toMatchObject({ refunded: true, error_code: 'NOT_FEASIBLE' });
    const [result] = await bench.store.forUser(bench.user.token).results(session.id);
    expect(result).toMatchObject({ status: 'failed', error_code: 'NOT_FEASIBLE', model_type: 'LIN' });
    expect(result?.results_metadata).toEqual({ stage: 'build_dataset', code: 'NOT_FEASIBLE', message: row?.error_message });
  }, 60_000);

  it('opens a new run, without a charge, when an operator runs the workflow again', async () => {
    const session = await filledSession(bench);
    const job = await trainingJob(bench, session);
    const workflowId = await startJob(bench, job);
    await handle(workflowId).result();

    const { client } = bench.workflows;
    const rerun = await client.workflow.start<(job: TrainingJob) => Promise<JobState>>('trainModelsWorkflow', {
      workflowId,
      taskQueue: PIPELINE_QUEUE,
      args: [job],
    });
    const state = await rerun.result();
    expect(state.status).toBe('completed');
    expect(state.runId).not.toBe(job.runId);
    const row = await bench.store.service.progress(session.id, 'training');
    expect(row).toMatchObject({ run_id: state.runId, charge_id: null, status: 'completed' });
    const results = await bench.store.forUser(bench.user.token).results(session.id, { status: 'completed' });
    expect(results.map(({ run_id }) => run_id)).toEqual([state.runId, job.runId]);
  }, 120_000);
});

async function deletions(sessionId: string): Promise<string[]> {
  const { data } = await serviceClient().from('storage_deletions').select('object_path').like('object_path', `%/${sessionId}/%`);
  return (data ?? []).map(({ object_path: path }) => String(path));
}

async function queuedTrainings(): Promise<number> {
  const { count } = await serviceClient()
    .from('training_progress')
    .select('run_id', { count: 'exact', head: true })
    .eq('job', 'training')
    .eq('status', 'queued');
  return count ?? 0;
}
