import type { JobState } from '../../src/workflows/messages';
import { record } from './histories';
import type { Bench } from './support';
import { datasetJob, filledSession, listen, openBench, startJob } from './support';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const result = (workflowId: string): Promise<JobState> =>
  bench.workflows.client.workflow.getHandle<() => Promise<JobState>>(workflowId).result();

/** translation keys of realtime.md 5.4 in their order */
const STEPS = [
  'starting',
  'downloadingInput',
  'downloadingOutput',
  'downloadComplete',
  'parsingFiles',
  'parsingComplete',
  'ndatLoading',
  'ndatTransforming',
  'ndatCreatingArrays',
  'ndatArraysComplete',
  'datasetsComplete',
  'generatingInput',
  'inputComplete',
  'generatingTime',
  'timeComplete',
  'generatingOutput',
  'outputComplete',
  'savingToDatabase',
  'complete',
];

describe('generating datasets', () => {
  it('stores dataset, window count and one picture per column, and tells every step in order', async () => {
    const session = await filledSession(bench);
    const heard = await listen(bench, session);
    const job = await datasetJob(bench, session);
    const workflowId = await startJob(bench, job);
    expect(await result(workflowId)).toEqual({ runId: job.runId, phase: 'completed', status: 'completed' });
    await record('generateDatasets', bench.workflows.client.workflow.getHandle(workflowId));

    const mine = bench.store.forUser(bench.user.token);
    // the settings of the job switch the daily time feature on: two inputs, two time columns
    expect(await mine.dataset(session.id)).toMatchObject({
      content_hash: job.contentHash,
      n_dat: 456,
      input_features: ['load', 'sun', 'D_sin', 'D_cos'],
      output_features: ['target'],
    });
    expect(await mine.session(session.id)).toMatchObject({ n_dat: 456, n_dat_source: 'windows', workflow_phase: 'phase2' });
    const plots = await mine.visualizations(session.id);
    expect(plots.map(({ plot_name: name }) => name).sort()).toEqual(
      ['input_load', 'input_sun', 'input_violin_plot', 'output_target', 'output_violin_plot', 'time_D_cos', 'time_D_sin'].sort(),
    );
    for (const { image_data: image } of plots) expect(image).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);

    await heard.heardAll();
    const events = heard.events.map(({ payload }) => payload);
    expect(new Set(heard.events.map(({ name }) => name))).toEqual(new Set(['dataset_status_update']));
    const steps = events.map(({ step }) => String(step).replace('violin.progress.', ''));
    expect(steps.filter((step, index) => step !== steps[index - 1])).toEqual(STEPS);
    const percents = events.map(({ progress_percent: percent }) => Number(percent));
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(events.at(-1)).toMatchObject({ status: 'completed', n_dat: 456, progress_percent: 100, processing_stopped: true });
    expect(events.filter(({ processing_stopped: stopped }) => stopped === true)).toHaveLength(1);
  }, 90_000);

  it('keeps the former dataset and its pictures when a later job fails', async () => {
    const session = await filledSession(bench);
    const good = await datasetJob(bench, session);
    await result(await startJob(bench, good));
    const before = await bench.store.forUser(bench.user.token).visualizations(session.id);

    // windows of ten days do not fit into five
    const series = good.settings.series.map((one) => (one.role === 'input' ? { ...one, horizonStartH: -240 } : one));
    const bad = { ...(await datasetJob(bench, session)), settings: { ...good.settings, series }, contentHash: 'f'.repeat(64) };
    expect(await result(await startJob(bench, bad))).toMatchObject({ status: 'failed' });

    const row = await bench.store.service.run(bad.runId);
    expect(row).toMatchObject({
      error_code: 'NOT_FEASIBLE',
      last_event: { status: 'failed', step: 'violin.progress.error', processing_stopped: true, refunded: true },
    });
    const mine = bench.store.forUser(bench.user.token);
    expect(await mine.dataset(session.id)).toMatchObject({ content_hash: good.contentHash });
    expect(await mine.session(session.id)).toMatchObject({ n_dat: 456, workflow_phase: 'phase2' });
    expect(await mine.visualizations(session.id)).toEqual(before);
  }, 90_000);
});
