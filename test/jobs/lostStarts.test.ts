/** Runs whose start never reached Temporal: rows of the store, without a workflow. */
import { createStore } from '../../src/store';
import { jobWorkflowId } from '../../src/workflows/ids';
import { trainingEnd } from '../acceptance/scenario';
import { openSession, testConfig, trainingOf } from '../realtime/client';
import { api, closeSockets, connect, signUpUser } from '../support';
import type { TestUser } from '../support';

let user: TestUser;
beforeAll(async () => {
  user = await signUpUser();
});
afterEach(closeSockets);

describe('a run whose start was lost', () => {
  const lost = async () => {
    const config = testConfig();
    const store = createStore(config);
    const own = await openSession(user);
    const job = trainingOf(user, own);
    const workflowId = jobWorkflowId('training', own.uuid);
    await store.service.beginJob({ userId: user.id, job, workflowId, kind: 'training', chargeKey: `training:${job.runId}` });
    return { own, job, store };
  };

  it('blocks another start and says where it stands', async () => {
    const { own, job } = await lost();
    const { body } = await api(user.token).get(`/status/${own.ref}`);
    expect(body).toMatchObject({
      status: 'queued',
      phase: 'queued',
      progress: 0,
      run_id: job.runId,
      completed_steps: 0,
      queue_position: expect.any(Number) as number,
    });
    await api(user.token).post(`/cancel-training/${own.ref}`);
  });

  it('is cancelled without a workflow: row, refund and one event', async () => {
    const { own, job } = await lost();
    const { ask, next, heard } = await connect(user.token);
    await ask('join_training_session', { session_id: own.ref });
    const { body } = await api(user.token).post(`/cancel-training/${own.ref}`);
    expect(body).toEqual({
      success: true,
      session_id: own.ref,
      cancelled: true,
      job: 'training',
      workflowId: `training-${own.uuid}`,
      runId: job.runId,
      status: 'cancelled',
      refunded: true,
    });
    expect(await next('training_cancelled')).toMatchObject({ run_id: job.runId, status: 'cancelled', refunded: true });
    const again = await api(user.token).post(`/cancel-training/${own.ref}`);
    expect(again.body).toMatchObject({ cancelled: false, status: 'cancelled' });
    expect(heard.filter(({ event }) => event === 'training_cancelled')).toHaveLength(1);
  });

  it('is started by whoever asks for its status after five seconds', async () => {
    const { own, job, store } = await lost();
    await new Promise((resolve) => setTimeout(resolve, 5_500));
    expect((await api(user.token).get(`/status/${own.ref}`)).body['run_id']).toBe(job.runId);
    const end = await trainingEnd(user, own.ref, 30); // a session without files cannot be trained
    expect(end).toMatchObject({ status: 'failed', run_id: job.runId });
    expect((await store.service.run(job.runId))?.temporal_run_id).not.toBeNull();
  }, 60_000);
});
