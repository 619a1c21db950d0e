import { chooseJob, jobStatus, wasLost } from '../../../src/api/jobs';
import { jobStatusBody, notStartedBody } from '../../../src/api/presenters/job';
import { createLogger } from '../../../src/log';
import type { ProgressRow, Store, UserStore } from '../../../src/store';
import type { Workflows } from '../../../src/temporal';
import type { JobState } from '../../../src/workflows/messages';
import { progressRow } from './rows';

const session = { id: '11111111-1111-4111-8111-111111111111', stringId: 'session_1_a', ref: 'session_1_a' };

/** The rows of consecutive reads and the workflow's answer; `started` collects the starts that were repeated. */
function world(reads: ProgressRow[][], state: JobState | null, queuePosition: number | null = 3) {
  const started: string[] = [];
  let queries = 0;
  let read = 0;
  const mine = { progress: () => Promise.resolve(reads[Math.min(read++, reads.length - 1)] ?? []) } as unknown as UserStore;
  const workflows = {
    queryJob: () => Promise.resolve((queries++, state)),
    startJob: ({ run_id: runId }: { run_id: string }) => Promise.resolve((started.push(runId), 'started' as const)),
  } as unknown as Workflows;
  const store = { service: { queuePosition: () => Promise.resolve(queuePosition) } } as unknown as Store;
  const services = { store, workflows, log: createLogger('test', 'silent') };
  return { status: () => jobStatus(services, { mine, recent: mine }, session.id, null), started, queries: () => queries };
}

describe('the status of a job', () => {
  it('is the active one, else the most recent one, unless a kind is asked for', () => {
    const training = progressRow({ status: 'completed' });
    const dataset = progressRow({ job: 'dataset', status: 'running' });
    expect(chooseJob([training, dataset], null)).toBe(dataset);
    expect(chooseJob([training, dataset], 'training')).toBe(training);
    expect(chooseJob([training, { ...dataset, status: 'failed' }], null)).toBe(training);
    expect(chooseJob([], null)).toBeNull();
  });

  it('comes from a terminal row alone, without asking the workflow', async () => {
    const { status, queries } = world([[progressRow({ status: 'failed', error_code: 'OUT_OF_MEMORY' })]], null);
    expect((await status())?.row.status).toBe('failed');
    expect(queries()).toBe(0);
  });

  it('joins the later phase of the workflow with the figures of the row', async () => {
    const row = progressRow();
    const { status } = world([[row]], { runId: row.run_id, phase: 'evaluation', status: 'running' });
    expect(await status()).toMatchObject({ row: { phase: 'evaluation', overall_progress: 47.9, epoch: 9 }, completedSteps: 4 });
  });

  it('keeps the phase of the row when the workflow knows less, and when it knows nothing or speaks of another run', async () => {
    const row = progressRow();
    for (const state of [
      { runId: row.run_id, phase: 'queued', status: 'queued' },
      null,
      { runId: 'another', phase: 'persisting', status: 'running' },
    ] as const) {
      expect(await world([[row]], state).status()).toMatchObject({ row: { phase: 'training', status: 'running' }, completedSteps: 3 });
    }
  });

  it('reads the row again when the workflow has ended since', async () => {
    const row = progressRow();
    const ended = progressRow({ status: 'completed', phase: 'completed', overall_progress: 100 });
    const { status } = world([[row], [ended]], { runId: row.run_id, phase: 'completed', status: 'completed' });
    expect(await status()).toMatchObject({ row: { status: 'completed', overall_progress: 100 }, completedSteps: 7 });
  });

  it('never shows a queued training without its place: one that has left the queue meanwhile is read again', async () => {
    const row = progressRow({ status: 'queued', phase: 'queued' });
    const state = { runId: row.run_id, phase: 'queued', status: 'queued' } as const;
    expect(await world([[row]], state).status()).toMatchObject({ row: { status: 'queued' }, queuePosition: 3 });
    const running = progressRow({ status: 'running', phase: 'dataset' });
    expect(await world([[row], [running]], state, null).status()).toMatchObject({ row: { status: 'running' }, queuePosition: null });
  });

  it('starts a queued row that no worker ever took, once it is older than five seconds', async () => {
    const young = progressRow({ status: 'queued', phase: 'queued', temporal_run_id: null, created_at: new Date().toISOString() });
    const old = { ...young, created_at: new Date(Date.now() - 6_000).toISOString() };
    expect(wasLost(young, Date.now())).toBe(false);
    expect(wasLost({ ...old, temporal_run_id: 'taken' }, Date.now())).toBe(false);
    const first = world([[young]], null);
    expect(await first.status()).toMatchObject({ queuePosition: 3 });
    expect(first.started).toEqual([]);
    const second = world([[old]], null);
    await second.status();
    expect(second.started).toEqual([old.run_id]);
  });
});

describe('the answer of GET /status', () => {
  it('shows whole percents, times in UTC with milliseconds and the number of finished phases', () => {
    const body = jobStatusBody(session, { row: progressRow(), completedSteps: 3, totalSteps: 7, queuePosition: null });
    expect(body).toEqual({
      success: true,
      session_id: 'session_1_a',
      job: 'training',
      run_id: '22222222-2222-4222-8222-222222222222',
      workflow_id: 'training-11111111-1111-4111-8111-111111111111',
      status: 'running',
      phase: 'training',
      progress: 47,
      current_step: 'Training epoch 9/20',
      total_steps: 7,
      completed_steps: 3,
      started_at: '2024-01-15T10:30:00.123Z',
      completed_at: null,
      message: 'Training epoch 9/20',
      epoch: 9,
      total_epochs: 20,
      loss: 0.0123,
      val_loss: 0.015,
      eta_seconds: 41,
      queue_position: null,
      error: null,
      error_code: null,
      details: null,
    });
  });

  it('has the same keys for a session without a job', () => {
    const none = notStartedBody(session, null);
    const some = jobStatusBody(session, { row: progressRow(), completedSteps: 3, totalSteps: 7, queuePosition: null });
    expect(Object.keys(none).sort()).toEqual(Object.keys(some).sort());
    expect(none).toMatchObject({ status: 'not_found', progress: 0, current_step: 'Not started' });
  });
});
