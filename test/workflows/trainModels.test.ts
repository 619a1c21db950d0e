import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { JobState } from '../../src/workflows/messages';
import type { Bench } from './support';
import { DENSE, filledSession, listen, openBench, rowWhen, startJob, trainingJob } from './support';
import { record } from './histories';

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
    await record('trainModels', historyToJSON(await handle(workflowId).fetchHistory()));

    const row = await bench.store.service.run(job.runId);
    expect(row).toMatchObject({ status: 'completed', phase: 'completed', completed_steps: 7, terminal_published: true });
    expect(Number(row?.overall_progress)).toBe(100);

    await heard.heardAll();
    const events = heard.events.map(({ name, payload }) => ({ name, ...payload }) as Record<string, unknown> & { name: string });
    await heard.close();
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
    expect(events.at(-1)).toMatchObject({ name: 'training_completed', success: true, model_type: 'Dense', n_dat: row?.last_event?.['n_dat'] });
  });
});
