/** What becomes of a training when processes end, and who gets the one slot there is. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { api, signUpUser, useEndpoints, waitFor } from '../support';
import { joinSession, largeSession, LONG_TRAINING, startTraining, trainingEnd } from '../acceptance/scenario';
import type { Body, User } from '../acceptance/scenario';
import { isAlive, kill, runningTraining, trainingsOf } from './processes';
import { ownStack } from './stack';

jest.setTimeout(600_000);

/** A few epochs of a second or more. */
const TRAINING = { ...LONG_TRAINING, model_parameters: { ...LONG_TRAINING.model_parameters, N: 1024, EP: 4 } };
const entry = path.resolve(__dirname, '../../dist/workers/training.js');

const stack = ownStack();
let user: User;
let session: string;
beforeAll(async () => {
  await stack.start();
  useEndpoints(stack.endpoints());
  user = await signUpUser();
  session = await largeSession(user);
});
afterAll(() => stack.stop());

const theWorker = (): number => stack.pids()['training'] ?? 0;
const status = async (of: User, which: string): Promise<Body> => (await api(of.token).get(`/status/${which}?job=training`)).body;
const reached = (epoch: number): Promise<Body> =>
  waitFor(async () => {
    const body = await status(user, session);
    return body['phase'] === 'training' && Number(body['epoch']) >= epoch && body;
  }, 180_000);

/** What a run says of its model and how good it is, without the times it took. */
async function newestResult(): Promise<Body> {
  const { body } = await api(user.token).get(`/results/${session}`);
  const { training, evaluation_metrics } = (body['results'] as { results: Body }[])[0]!.results;
  return { training: { ...(training as Body), duration_s: null, system: null }, evaluation_metrics: evaluation_metrics as Body };
}

describe('a training on a machine whose processes end', () => {
  let undisturbed: Body;
  beforeAll(async () => {
    await startTraining(user, session, TRAINING);
    expect(await trainingEnd(user, session, 300)).toMatchObject({ status: 'completed' });
    undisturbed = await newestResult();
  });

  const endings: [string, (processes: { worker: number; child: number }) => void][] = [
    ['the training process', ({ child }) => kill(child)],
    ['the worker', ({ worker }) => kill(worker)],
    [
      'both',
      ({ worker, child }) => {
        kill(worker);
        kill(child);
      },
    ],
  ];
  it.each(endings)('ends with the result of an undisturbed one after SIGKILL of %s', async (_name, end) => {
    const runId = await startTraining(user, session, TRAINING);
    await reached(2);
    end(await runningTraining([theWorker()]));
    expect(await trainingEnd(user, session, 300)).toMatchObject({ status: 'completed', run_id: runId });
    expect(await newestResult()).toEqual(undisturbed);
  });

  it('fails when its process dies again and again without having come further', async () => {
    const runId = await startTraining(user, session, LONG_TRAINING);
    const dead = new Set<number>();
    const failed = await waitFor(async () => {
      for (const child of trainingsOf(theWorker()).filter((pid) => !dead.has(pid))) {
        kill(child, 'SIGSEGV');
        dead.add(child);
      }
      const body = await status(user, session);
      return body['status'] === 'failed' && body;
    }, 120_000);
    expect(failed).toMatchObject({ run_id: runId, error_code: 'WORKER_LOST' });
    expect(dead.size).toBe(4);
  });

  it('moves to another worker when its own is asked to stop, and goes on from that step', async () => {
    const other = startWorker();
    try {
      const workers = [theWorker(), other.pid ?? 0];
      const { socket, events } = await joinSession(user, session, stack.endpoints().api);
      const runId = await startTraining(user, session, TRAINING);
      await reached(2);
      const { worker, child } = await runningTraining(workers);
      const asked = Date.now();
      kill(worker, 'SIGTERM');
      await waitFor(() => !isAlive(worker), 15_000);
      expect(isAlive(child)).toBe(false);
      // well before a lost heartbeat would have been noticed
      const elsewhere = await runningTraining([theWorker(), other.pid ?? 0].filter((pid) => pid !== worker));
      expect(Date.now() - asked).toBeLessThan(10_000);
      expect(elsewhere.child).not.toBe(child);

      expect(await trainingEnd(user, session, 300)).toMatchObject({ status: 'completed', run_id: runId });
      expect(await newestResult()).toEqual(undisturbed);
      await waitFor(() => events.some(({ name, payload }) => name === 'training_completed' && payload['run_id'] === runId), 10_000);
      socket.close();
      const own = events.filter(({ payload }) => payload['run_id'] === runId);
      const epochs = own.filter(({ name }) => name === 'training_metrics').map(({ payload }) => payload['epoch'] as number);
      expect(epochs).toEqual(Array.from({ length: (undisturbed['training'] as Body)['epochs_run'] as number }, (_, i) => i + 1));
      const percents = own.filter(({ name }) => name === 'training_progress').map(({ payload }) => payload['progress_percent'] as number);
      expect(percents).toEqual([...percents].sort((a, b) => a - b));
    } finally {
      await end(other);
    }
  });
});

describe('a cancel', () => {
  const CANCELLED_WITHIN_MS = 3_000;
  async function cancelled(which: string): Promise<void> {
    const asked = Date.now();
    expect((await api(user.token).post(`/cancel-training/${which}`, {})).body).toMatchObject({ cancelled: true });
    expect(await trainingEnd(user, which, 10)).toMatchObject({ status: 'cancelled' });
    expect(Date.now() - asked).toBeLessThan(CANCELLED_WITHIN_MS);
  }

  it('ends a training in its queue, and another one in the middle of an epoch with its process', async () => {
    const queued = await largeSession(user);
    await startTraining(user, session, LONG_TRAINING);
    await reached(1);
    const { child } = await runningTraining([theWorker()]);
    await startTraining(user, queued, LONG_TRAINING);
    await waitFor(async () => (await status(user, queued))['queue_position'] === 1, 60_000);
    await cancelled(queued);
    expect(isAlive(child)).toBe(true);
    await cancelled(session);
    expect(isAlive(child)).toBe(false);
  });

  it.each(['dataset', 'evaluation'])('ends a run in its phase %s', async (phase) => {
    const fresh = await largeSession(user); // without a cached dataset
    await startTraining(user, fresh, { model_parameters: { ...TRAINING.model_parameters, EP: 1 } });
    await waitFor(async () => (await status(user, fresh))['phase'] === phase, 60_000);
    await cancelled(fresh);
  });
});

describe('the one slot of a device', () => {
  it('goes to another user before it comes back to the one who had it', async () => {
    const [first, second] = [user, await signUpUser()];
    const sessions = { running: session, again: await largeSession(first), theirs: await largeSession(second) };
    await startTraining(first, sessions.running, LONG_TRAINING);
    await reached(1);
    await startTraining(first, sessions.again, LONG_TRAINING);
    await waitFor(async () => (await status(first, sessions.again))['queue_position'] === 1, 60_000);
    await startTraining(second, sessions.theirs, LONG_TRAINING);
    await waitFor(async () => (await status(second, sessions.theirs))['queue_position'] === 2, 60_000);
    // the jobs reach their queue when their datasets are built
    await new Promise((resolve) => setTimeout(resolve, 5_000));

    await api(first.token).post(`/cancel-training/${sessions.running}`, {});
    const next = await waitFor(async () => {
      const [again, theirs] = [await status(first, sessions.again), await status(second, sessions.theirs)];
      return (again['status'] !== 'queued' || theirs['status'] !== 'queued') && { again, theirs };
    }, 60_000);
    expect(next).toMatchObject({
      again: { status: 'queued', queue_position: 1 },
      theirs: { status: expect.stringMatching('running|completed') as string, queue_position: null },
    });
    await api(second.token).post(`/cancel-training/${sessions.theirs}`, {});
    expect(await waitFor(async () => (await status(first, sessions.again))['status'] !== 'queued', 60_000)).toBe(true);
    await api(first.token).post(`/cancel-training/${sessions.again}`, {});
    await trainingEnd(first, sessions.again, 30);
  });
});

/** A second training worker, as on another machine: told where Supabase and Temporal are. */
function startWorker(): ChildProcess {
  const { supabase, temporal, databaseUrl } = stack.endpoints();
  return spawn(process.execPath, [entry], {
    stdio: 'ignore',
    env: {
      ...process.env,
      SUPABASE_URL: supabase.url,
      SUPABASE_SERVICE_ROLE_KEY: supabase.serviceRoleKey,
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      WORK_DIR: path.join(stack.stateDir, 'work-of-another-machine'),
    },
  });
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGTERM');
  await exited;
}
