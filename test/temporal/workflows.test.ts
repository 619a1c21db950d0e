import { randomUUID } from 'node:crypto';
import { createLogger } from '../../src/log';
import { createStore } from '../../src/store';
import type { Store } from '../../src/store';
import { createWorkflows, WorkflowUnavailable } from '../../src/temporal';
import type { Workflows } from '../../src/temporal';
import { jobWorkflowId } from '../../src/workflows/ids';
import type { TrainingJob } from '../../src/workflows/messages';
import { openSession, testConfig, trainingOf } from '../realtime/client';
import { signUpUser, waitFor } from '../support';
import type { TestUser } from '../support';

const log = createLogger('test', 'silent');
let user: TestUser;
let store: Store;
let workflows: Workflows;

beforeAll(async () => {
  user = await signUpUser();
  const config = testConfig();
  store = createStore(config);
  workflows = createWorkflows(config, store, log);
}, 60_000);
afterAll(() => workflows.client.connection.close());

/** A committed queued row of a session without files: its workflow starts and soon fails, which is enough here. */
async function queuedJob() {
  const session = await openSession(user);
  const job: TrainingJob = trainingOf(user, session);
  const workflow_id = jobWorkflowId('training', session.uuid);
  const begun = await store.service.beginJob({
    userId: user.id,
    job,
    workflowId: workflow_id,
    kind: 'training',
    chargeKey: `training:${job.runId}`,
  });
  expect(begun.outcome).toBe('started');
  return { run_id: job.runId, session_id: session.uuid, job: 'training' as const, workflow_id, input: job };
}

const ended = (runId: string) =>
  waitFor(async () => {
    const row = await store.service.run(runId);
    return row?.status === 'failed' && row;
  }, 60_000);

describe('the start of a job', () => {
  it('happens once, whoever repeats it, and carries what an operator looks for', async () => {
    const row = await queuedJob();
    expect(await Promise.all(Array.from({ length: 5 }, () => workflows.startJob(row)))).toEqual(Array(5).fill('started'));
    await ended(row.run_id);
    expect(await workflows.startJob(row)).toBe('started'); // after its end, too: the job is not run again
    const found: string[] = [];
    let memo: unknown;
    let attributes: string[] = [];
    for await (const one of workflows.client.workflow.list({ query: `SessionId = '${row.session_id}'` })) {
      found.push(one.workflowId);
      memo = one.memo;
      attributes = one.typedSearchAttributes.getAll().map(({ key, value }) => `${key.name}=${String(value)}`);
    }
    expect(found).toEqual([row.workflow_id]);
    expect(memo).toEqual({ session: row.input.sessionRef, runId: row.run_id });
    expect(attributes).toEqual(expect.arrayContaining([`SessionId=${row.session_id}`, `UserId=${user.id}`, 'ModelMode=LIN']));
  }, 90_000);

  it('waits ten seconds for a workflow of an ended run that holds the id, then terminates it', async () => {
    const row = await queuedJob();
    const blocker = await workflows.client.workflow.start('trainModelsWorkflow', {
      workflowId: row.workflow_id,
      taskQueue: `nobody-${randomUUID()}`,
      memo: { runId: 'an earlier run' },
    });
    const begin = Date.now();
    expect(await workflows.startJob(row)).toBe('started');
    expect(Date.now() - begin).toBeGreaterThanOrEqual(10_000);
    const first = workflows.client.workflow.getHandle(row.workflow_id, blocker.firstExecutionRunId);
    expect((await first.describe()).status.name).toBe('TERMINATED');
    await ended(row.run_id);
  }, 90_000);
});

describe('what the API asks of running workflows', () => {
  it('has an answer for workflows that do not exist', async () => {
    const unknown = jobWorkflowId('training', randomUUID());
    expect(await workflows.queryJob(unknown)).toBeNull();
    expect(await workflows.cancelJob(unknown)).toBe('not_running');
    expect(await workflows.waitForEnd(unknown, 1000)).toBe(true);
    await workflows.terminate(unknown, 'nothing there');
  });

  it('is not delayed by a workflow without a worker', async () => {
    const workflowId = jobWorkflowId('training', randomUUID());
    await workflows.client.workflow.start('trainModelsWorkflow', { workflowId, taskQueue: `nobody-${randomUUID()}` });
    const begin = Date.now();
    expect(await Promise.all(Array.from({ length: 100 }, () => workflows.queryJob(workflowId)))).toEqual(Array(100).fill(null));
    expect(Date.now() - begin).toBeLessThan(4_000);
    expect(await workflows.waitForEnd(workflowId, 500)).toBe(false);
    expect(await workflows.cancelJob(workflowId)).toBe('signalled');
    await workflows.terminate(workflowId, 'end of the test');
    expect(await workflows.waitForEnd(workflowId, 5_000)).toBe(true);
  }, 30_000);

  it('counts the pollers of both queues', async () => {
    const pollers = await workflows.pollers();
    expect(pollers['pipeline']).toBeGreaterThan(0);
    expect(pollers['training']).toBeGreaterThan(0);
  });
});

describe('a Temporal that cannot be reached', () => {
  let away: Workflows;
  beforeAll(() => {
    away = createWorkflows(testConfig({ TEMPORAL_ADDRESS: '127.0.0.1:1' }), store, log); // nothing listens on port 1
  });
  afterAll(() => away.client.connection.close());

  it('is reported within seconds, and leaves a job queued', async () => {
    const row = await queuedJob();
    const begin = Date.now();
    await expect(away.startJob(row)).rejects.toThrow(WorkflowUnavailable);
    await expect(away.cancelJob(row.workflow_id)).rejects.toThrow(WorkflowUnavailable);
    await expect(away.pollers()).rejects.toThrow(WorkflowUnavailable);
    expect(await away.queryJob(row.workflow_id)).toBeNull();
    expect(Date.now() - begin).toBeLessThan(20_000);
    expect(await store.service.run(row.run_id)).toMatchObject({ status: 'queued', temporal_run_id: null });
    await workflows.startJob(row);
    await ended(row.run_id);
  }, 90_000);
});
