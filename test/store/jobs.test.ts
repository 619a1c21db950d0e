import { randomUUID } from 'node:crypto';
import type { Phase } from '../../src/workflows/messages';
import { closeDatabase, datasetStart, newOwner, newSession, openStore, sql, trainingStart, usage, type Owner } from './support';

const store = openStore();
const { service } = store;
let owner: Owner;
let stranger: Owner;
let sessionId: string;
beforeAll(async () => {
  [owner, stranger] = await Promise.all([newOwner(store), newOwner(store)]);
});
beforeEach(async () => {
  sessionId = await newSession(owner);
});
afterAll(closeDatabase);

const finish = (runId: string, status: 'completed' | 'failed' | 'cancelled' = 'cancelled') =>
  service.finishJob(runId, status, { event: {}, message: status });

/** A training of a session, begun and bound to an execution. */
async function running() {
  const start = trainingStart(owner, sessionId);
  await service.beginJob(start);
  const execution = randomUUID();
  await service.openRun(start.job.runId, execution, start.job);
  return { start, runId: start.job.runId, execution };
}

describe('starting jobs', () => {
  it('lets one of fifty parallel starts win and charges one unit', async () => {
    const user = await newOwner(store);
    const session = await newSession(user);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => service.beginJob(i % 2 ? trainingStart(user, session) : datasetStart(user, session))),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'started')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'in_progress')).toHaveLength(49);
    const { processing, training } = await usage(user.id);
    expect(processing + training).toBe(1);
    expect(await user.store.progress(session)).toHaveLength(1);
  });

  it('stores the queued row with the workflow’s input and moves the session on', async () => {
    const start = trainingStart(owner, sessionId);
    expect(await service.beginJob(start)).toEqual({ outcome: 'started' });
    expect(await service.run(start.job.runId)).toMatchObject({
      job: 'training',
      status: 'queued',
      phase: 'queued',
      temporal_run_id: null,
      input: start.job,
      overall_progress: 0,
      seq: 0,
      workflow_id: start.workflowId,
    });
    expect(await owner.store.session(sessionId)).toMatchObject({ workflow_phase: 'phase3' });
  });

  it('names the active job to whoever comes second', async () => {
    await service.beginJob(datasetStart(owner, sessionId));
    expect(await service.beginJob(trainingStart(owner, sessionId))).toEqual({
      outcome: 'in_progress',
      active: { job: 'dataset', workflow_id: `datasets-${sessionId}`, status: 'queued', overall_progress: 0 },
    });
  });

  it('begins the same run once when the call is repeated', async () => {
    const user = await newOwner(store);
    const start = trainingStart(user, await newSession(user));
    expect([await service.beginJob(start), await service.beginJob(start)]).toEqual([{ outcome: 'started' }, { outcome: 'started' }]);
    expect(await usage(user.id)).toMatchObject({ training: 1 });
  });

  it('refuses foreign and unknown sessions without a trace', async () => {
    const foreign = { ...trainingStart(owner, sessionId), userId: stranger.id };
    expect(await service.beginJob(foreign)).toEqual({ outcome: 'forbidden' });
    expect(await service.beginJob(trainingStart(owner, randomUUID()))).toEqual({ outcome: 'not_found' });
    expect(await usage(stranger.id)).toMatchObject({ training: 0 });
  });

  it('undoes row, phase and unit of a start that is refused for good, but never a run that has begun', async () => {
    const user = await newOwner(store);
    const session = await newSession(user);
    const start = trainingStart(user, session);
    await service.beginJob(start);
    await service.abortJob(start.job.runId);
    expect(await user.store.progress(session)).toEqual([]);
    expect(await user.store.session(session)).toMatchObject({ workflow_phase: 'upload' });
    expect(await usage(user.id)).toMatchObject({ training: 0 });

    const second = trainingStart(user, session);
    await service.beginJob(second);
    await service.openRun(second.job.runId, randomUUID());
    await service.abortJob(second.job.runId);
    expect(await service.run(second.job.runId)).toMatchObject({ status: 'queued' });
  });

  it('finds queued rows that no execution has taken, and active ones by their last sign of life', async () => {
    const start = trainingStart(owner, sessionId);
    await service.beginJob(start);
    const { runId } = start.job;
    await sql(`update public.training_progress set created_at = now() - interval '6 seconds' where run_id = $1`, [runId]);
    const lost = async () => (await service.unstartedJobs(5, 500)).some(({ run_id }) => run_id === runId);
    const active = async () => (await service.activeJobs(500)).some(({ run_id }) => run_id === runId);
    expect([await lost(), await active()]).toEqual([true, false]);
    await service.openRun(runId, randomUUID());
    expect([await lost(), await active()]).toEqual([false, true]);
    await finish(runId);
    expect([await lost(), await active()]).toEqual([false, false]);
  });

  it('ranks queued trainings by their age', async () => {
    const starts = [];
    for (let i = 0; i < 3; i++) {
      const start = trainingStart(owner, await newSession(owner));
      await service.beginJob(start);
      starts.push(start.job.runId);
    }
    const ranks = await Promise.all(starts.map((runId) => service.queuePosition(runId)));
    const [first = 0, second = 0, third = 0] = ranks.map((rank) => rank ?? 0);
    expect(first).toBeGreaterThanOrEqual(1);
    expect([second, third]).toEqual([first + 1, first + 2]);
    await service.recordProgress(starts[0] ?? '', { status: 'running' });
    expect(await Promise.all(starts.map((runId) => service.queuePosition(runId)))).toEqual([null, first, first + 1]);
    await Promise.all(starts.map((runId) => finish(runId)));
  });

  it("counts a user's own earlier trainings that are not over, nobody else's and no other jobs", async () => {
    const user = await newOwner(store);
    const runs: string[] = [];
    for (const who of [user, stranger, user, user]) {
      const start = trainingStart(who, await newSession(who));
      await service.beginJob(start);
      runs.push(start.job.runId);
    }
    await service.beginJob(datasetStart(user, await newSession(user)));
    const [first = '', , second = '', third = ''] = runs;
    const ahead = () => Promise.all([first, second, third].map((runId) => service.trainingsAhead(runId)));
    expect(await ahead()).toEqual([0, 1, 2]);
    await service.recordProgress(first, { status: 'running' }); // it holds a device
    expect(await ahead()).toEqual([0, 1, 2]);
    await finish(first);
    expect((await ahead()).slice(1)).toEqual([0, 1]);
    await Promise.all(runs.map((runId) => finish(runId)));
    expect(await service.trainingsAhead(randomUUID())).toBe(0);
  });
});

describe('binding a run to its execution', () => {
  it('answers the same run to every step of one execution', async () => {
    const { start, runId, execution } = await running();
    const opened = { outcome: 'opened', runId, startedAt: start.job.startedAt, status: 'queued' };
    expect(await service.openRun(runId, execution)).toEqual(opened);
    expect((await service.run(runId))?.temporal_run_id).toBe(execution);
  });

  it('closes an active run as cancelled and opens a new one without a charge when an operator resets it', async () => {
    const user = await newOwner(store);
    const session = await newSession(user);
    const start = trainingStart(user, session);
    await service.beginJob(start);
    await service.openRun(start.job.runId, randomUUID());
    await service.recordProgress(start.job.runId, { status: 'running', phase: 'training', progress: 40 });

    const reset = randomUUID();
    const opened = await service.openRun(start.job.runId, reset);
    if (opened.outcome !== 'opened') throw new Error(opened.outcome);
    expect(opened.runId).not.toBe(start.job.runId);
    expect(opened.startedAt > start.job.startedAt).toBe(true);
    expect(await service.run(opened.runId)).toMatchObject({
      temporal_run_id: reset,
      status: 'queued',
      phase: 'queued',
      overall_progress: 0,
      seq: 0,
      charge_id: null,
      training_began_at: null,
      input: { runId: opened.runId, startedAt: opened.startedAt, sessionId: session },
    });
    expect(await user.store.results(session)).toMatchObject([{ run_id: start.job.runId, status: 'cancelled' }]);
    expect(await usage(user.id)).toMatchObject({ training: 1 });
    // every later step of the reset execution, which still knows the old run, works for the new one
    expect(await service.openRun(start.job.runId, reset)).toEqual(opened);
    // and the old execution's writes are refused
    expect(await service.recordProgress(start.job.runId, { progress: 50 })).toBeNull();
  });

  it('opens a new run for a rerun of a finished one and keeps its result', async () => {
    const { start, runId } = await running();
    await finish(runId, 'failed');
    const opened = await service.openRun(runId, randomUUID(), start.job);
    expect(opened).toMatchObject({ outcome: 'opened', status: 'queued' });
    expect(await owner.store.results(sessionId)).toMatchObject([{ run_id: runId, status: 'failed' }]);
    expect(await owner.store.session(sessionId)).toMatchObject({ workflow_phase: 'phase3' });
  });

  it('reruns an old execution whose row a later run has taken, from its own input', async () => {
    const old = await running();
    await finish(old.runId, 'failed');
    const later = await running();
    expect(await service.openRun(old.runId, randomUUID(), old.start.job)).toEqual({ outcome: 'superseded' });
    await finish(later.runId);
    expect(await service.openRun(old.runId, randomUUID(), old.start.job)).toMatchObject({ outcome: 'opened', status: 'queued' });
  });

  it('lets nobody in while another job of the session is active', async () => {
    const { start, runId } = await running();
    await finish(runId);
    const dataset = datasetStart(owner, sessionId);
    await service.beginJob(dataset);
    expect(await service.openRun(runId, randomUUID(), start.job)).toEqual({ outcome: 'superseded' });
    expect(await service.run(dataset.job.runId)).toMatchObject({ status: 'queued' });
  });

  it('tells a late step of a closed run how it ended', async () => {
    const { runId, execution } = await running();
    await finish(runId, 'failed');
    await running();
    expect(await service.openRun(runId, execution)).toMatchObject({ outcome: 'opened', runId, status: 'failed' });
    expect(await service.finishJob(runId, 'completed', { event: {}, message: '' })).toMatchObject({ status: 'failed', event: null });
    expect(await service.markPublished(runId)).toBe(false);
  });
});

describe('progress', () => {
  it('stores what moves forward and counts finished phases', async () => {
    const { runId } = await running();
    const row = await service.recordProgress(runId, {
      status: 'running',
      phase: 'training',
      progress: 47.5,
      seq: 12,
      currentStep: 'epoch 9',
      message: 'training',
      epoch: 9,
      totalEpochs: 20,
      loss: 0.5,
      valLoss: 0.25,
      etaSeconds: 41,
      lastEvent: { seq: 12 },
    });
    expect(row).toMatchObject({
      status: 'running',
      phase: 'training',
      overall_progress: 47.5,
      seq: 12,
      current_step: 'epoch 9',
      completed_steps: 3,
      epoch: 9,
      total_epochs: 20,
      loss: 0.5,
      val_loss: 0.25,
      eta_seconds: 41,
      last_event: { seq: 12 },
    });
    expect(row?.heartbeat_at).not.toBeNull();
    expect(row?.training_began_at).not.toBeNull();
    // figures of epochs end with the phase
    expect(await service.recordProgress(runId, { phase: 'evaluation', progress: 80 })).toMatchObject({
      epoch: null,
      loss: null,
      eta_seconds: null,
      completed_steps: 4,
    });
  });

  it.each([
    ['a lower event number', { seq: 41 }],
    ['a lower percentage', { progress: 29.99 }],
    ['an earlier phase', { phase: 'dataset' as Phase }],
  ])('refuses %s and changes nothing', async (_what, patch) => {
    const { runId } = await running();
    await service.recordProgress(runId, { status: 'running', phase: 'training', progress: 30, seq: 42 });
    const before = await service.run(runId);
    expect(await service.recordProgress(runId, { message: 'late', ...patch })).toBeNull();
    expect(await service.run(runId)).toEqual(before);
  });

  it('keeps 100 for completed runs', async () => {
    const { runId } = await running();
    expect(await service.recordProgress(runId, { progress: 100 })).toMatchObject({ overall_progress: 99 });
    expect((await finish(runId, 'failed')).event).toMatchObject({ progress_percent: 99 });
  });

  it('numbers the events of each attempt from the next million, so that an attempt that lost its row is refused', async () => {
    const { runId } = await running();
    expect(await service.recordProgress(runId, { attempt: true })).toMatchObject({ seq: 1_000_000 });
    expect(await service.recordProgress(runId, { seq: 1_000_042 })).toMatchObject({ seq: 1_000_042 });
    expect(await service.recordProgress(runId, { attempt: true })).toMatchObject({ seq: 2_000_000 });
    expect(await service.recordProgress(runId, { seq: 1_000_043 })).toBeNull();
  });

  it('never falls, whatever order parallel writers arrive in', async () => {
    const { runId } = await running();
    const seen: number[] = [];
    const writes = Array.from({ length: 40 }, (_, i) => (i * 17) % 40).map(async (n) => {
      const row = await service.recordProgress(runId, { seq: n + 1, progress: n });
      if (row) seen.push(row.seq);
    });
    await Promise.all(writes);
    expect(await service.run(runId)).toMatchObject({ seq: 40, overall_progress: 39 });
    expect(seen).toContain(40);
  });

  it('ends with the run, and not before a queued or unknown one', async () => {
    const { runId } = await running();
    await finish(runId);
    expect(await service.recordProgress(runId, { message: 'late' })).toBeNull();
    expect(await service.recordProgress(randomUUID(), { message: 'nobody' })).toBeNull();
  });

  it('writes one line of the diary per event number', async () => {
    const { runId } = await running();
    const line = {
      sessionId,
      runId,
      job: 'training',
      seq: 5,
      level: 'INFO',
      event: 'phase',
      step: 'training',
      message: 'm',
      progress: { overall: 25 },
    } as const;
    await service.log(line);
    await service.log({ ...line, message: 'again' });
    expect(await sql('select message from public.training_logs where run_id = $1', [runId])).toEqual([{ message: 'm' }]);
  });
});
