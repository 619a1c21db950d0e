import { randomUUID } from 'node:crypto';
import type { SweepCounts } from '../../src/activities/types';
import { PIPELINE_QUEUE } from '../../src/workflows/queues';
import { serviceClient, waitFor } from '../support';
import { record } from './histories';
import type { Bench } from './support';
import { enqueue, filledSession, newSession, openBench, putChunk, rowWhen, startJob, trainingJob } from './support';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

type Report = Record<string, SweepCounts | 'failed'>;

async function sweep(): Promise<Report> {
  const handle = await bench.workflows.client.workflow.start<() => Promise<Report>>('cleanupWorkflow', {
    workflowId: `cleanup-${randomUUID()}`,
    taskQueue: PIPELINE_QUEUE,
  });
  const report = await handle.result();
  await record('cleanup', handle);
  return report;
}

describe('the sweep', () => {
  it('starts a job whose start was lost, from the input in its row', async () => {
    const session = await filledSession(bench);
    const job = await trainingJob(bench, session);
    await enqueue(bench, job); // the API died before it started the workflow
    await serviceClient()
      .from('training_progress')
      .update({ created_at: new Date(Date.now() - 10_000).toISOString() })
      .eq('run_id', job.runId);

    const report = await sweep();
    expect(Object.values(report)).not.toContain('failed');
    await rowWhen(bench, job.runId, ({ status }) => status === 'completed', 90_000);
  }, 150_000);

  it('closes a run whose workflow is gone, gives the unit back and leaves a running one alone', async () => {
    const session = await filledSession(bench);
    const other = await filledSession(bench);
    const lost = await trainingJob(bench, session);
    await enqueue(bench, lost);
    await bench.store.service.openRun(lost.runId, randomUUID(), lost); // bound to an execution nobody knows
    const running = await trainingJob(bench, other, { kind: 'Dense', layers: 2, units: 256, epochs: 2000, activation: 'relu' });
    const workflowId = await startJob(bench, running);
    await rowWhen(bench, running.runId, ({ temporal_run_id: id }) => id !== null);

    await sweep();
    expect(await bench.store.service.run(lost.runId)).toMatchObject({
      status: 'failed',
      error_code: 'WORKER_LOST',
      last_event: { refunded: true },
    });
    expect(['queued', 'running']).toContain((await bench.store.service.run(running.runId))?.status);
    await bench.workflows.cancelJob(workflowId);
    await rowWhen(bench, running.runId, ({ status }) => status === 'cancelled');
  }, 120_000);

  it('expires an upload idle for a day with its chunks, and nothing younger', async () => {
    const [old, young] = [await newSession(bench), await newSession(bench)];
    const upload = { fileName: 'part.csv', type: 'input', chunks: ['UTC;x\n', '2024-01-01 00:00;1\n'] } as const;
    const [idle, fresh] = [await putChunk(bench, old, upload, 0), await putChunk(bench, young, upload, 0)];
    const dayAgo = new Date(Date.now() - 25 * 3600_000).toISOString();
    const { error } = await serviceClient()
      .from('uploads')
      .update({ last_activity_at: dayAgo })
      .eq('id', idle.uploadId ?? '');
    expect(error).toBeNull();

    await sweep();
    expect(await bench.store.service.upload(idle.uploadId ?? '')).toMatchObject({ status: 'expired', received_count: 0 });
    expect(await bench.store.service.upload(fresh.uploadId ?? '')).toMatchObject({ status: 'receiving', received_count: 1 });
    const chunksOf = (id: string) => bench.store.objects.list(bench.config.BUCKET_CHUNKS, `${bench.user.id}/${id}`);
    await waitFor(async () => (await chunksOf(old.id)).length === 0);
    expect(await chunksOf(young.id)).toHaveLength(1);
  }, 60_000);
});
