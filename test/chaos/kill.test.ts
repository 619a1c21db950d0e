import { randomUUID } from 'node:crypto';
import { api, serviceClient, signUpUser, useEndpoints, waitFor } from '../support';
import {
  joinSession,
  largeSession,
  smallSession,
  LONG_TRAINING,
  sendChunk,
  sha256,
  hourlyCsv,
  openSession,
  startTraining,
  trainingEnd,
} from '../acceptance/scenario';
import type { Body, User } from '../acceptance/scenario';
import { isAlive, kill, runningTraining } from './processes';
import { ownStack } from './stack';

jest.setTimeout(600_000);

/** long enough to be hit in the middle, short enough to wait for: a few epochs of some seconds */
const TRAINING = { ...LONG_TRAINING, model_parameters: { ...LONG_TRAINING.model_parameters, N: 1024, EP: 5 } };

describe('a killed process loses nothing that was accepted', () => {
  const stack = ownStack();
  let user: User;
  beforeAll(async () => {
    await stack.start();
    useEndpoints(stack.endpoints());
    user = await signUpUser();
  });
  afterAll(() => stack.stop());

  const epochSeen = async (session: string): Promise<void> => {
    await waitFor(async () => {
      const { body } = await api(user.token).get(`/status/${session}`);
      return body['phase'] === 'training' && Number(body['epoch']) >= 1 ? true : null;
    }, 180_000);
  };

  it('resumes a training whose worker is killed, and ends completed', async () => {
    const session = await largeSession(user);
    const { socket, events } = await joinSession(user, session, stack.endpoints().api);
    const runId = await startTraining(user, session, TRAINING);
    await epochSeen(session);
    const worker = stack.pids()['training'];
    if (worker === undefined) throw new Error('no training worker');
    kill(worker);
    const status = await trainingEnd(user, session, 300);
    expect(status).toMatchObject({ status: 'completed', progress: 100, run_id: runId });
    const ended = () => events.filter(({ name, payload }) => name === 'training_completed' && payload['run_id'] === runId);
    await waitFor(() => ended().length > 0, 10_000); // the row comes first
    await new Promise((resolve) => setTimeout(resolve, 1500)); // anything sent twice would come now
    socket.close();
    const run = events.filter(({ payload }) => payload['run_id'] === runId);
    const percents = run.filter(({ name }) => name === 'training_progress').map(({ payload }) => payload['progress_percent'] as number);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(ended()).toHaveLength(1);
    const { body } = await api(user.token).get(`/results/${session}`);
    expect(body['count']).toBe(1);
  });

  it('goes on after everything was killed and started again: sessions, files and the running job are still there', async () => {
    const session = await largeSession(user);
    const half = { sessionId: await openSession(user), fileName: 'h.csv', bytes: hourlyCsv('h', 100, (i) => i), chunks: 2 };
    await sendChunk(user, half, 0);
    const runId = await startTraining(user, session, TRAINING);
    await epochSeen(session);
    await stack.killAll();
    await stack.start();
    useEndpoints(stack.endpoints());
    expect((await api(user.token).get(`/csv-files/${session}`)).body['data']).toHaveLength(4);
    expect((await sendChunk(user, half, 1)).body).toMatchObject({ assembled: true, file: { sha256: sha256(half.bytes) } });
    expect(await trainingEnd(user, session, 300)).toMatchObject({ status: 'completed', run_id: runId });
    expect((await api(user.token).get(`/results/${session}`)).body['count']).toBe(1);
  });

  it('starts a job by itself whose start died with the API', async () => {
    const session = await smallSession(user);
    const linear = await startTraining(user, session, { model_parameters: { MODE: 'LIN' } });
    await trainingEnd(user, session);
    // what the API has written when it dies between the row and the start of the workflow
    const runId = randomUUID();
    const database = serviceClient();
    const { data: row } = await database.from('training_progress').select('*').eq('run_id', linear).single<Body>();
    const { data: begun } = await database.rpc('begin_job', {
      p_user: user.id,
      p_session: row?.['session_id'] as string,
      p_job: 'training',
      p_run: runId,
      p_workflow: row?.['workflow_id'] as string,
      p_input: { ...row?.['input'], runId },
      p_kind: 'training',
      p_key: `training:${runId}`,
    });
    expect(begun).toEqual({ outcome: 'started' });
    const apiProcess = stack.pids()['api'];
    if (apiProcess === undefined) throw new Error('no API');
    kill(apiProcess);
    // nobody asks for the status: that would start it as well
    const ended = async (): Promise<boolean> => {
      const { data } = await database.from('training_progress').select('status').eq('run_id', runId).single<Body>();
      return data?.['status'] === 'completed';
    };
    await waitFor(ended, 30_000);
  });

  it('ends the training child within three seconds of a cancel', async () => {
    const session = await largeSession(user);
    await startTraining(user, session, LONG_TRAINING);
    await epochSeen(session);
    const worker = stack.pids()['training'] ?? 0;
    const { child } = await runningTraining([worker]);
    const asked = Date.now();
    const cancel = api(user.token).post(`/cancel-training/${session}`, {});
    await waitFor(() => Promise.resolve(isAlive(child) ? null : true), 5_000);
    expect(Date.now() - asked).toBeLessThan(3_000);
    expect((await cancel).body).toMatchObject({ cancelled: true });
    expect(await trainingEnd(user, session, 10)).toMatchObject({ status: 'cancelled' } satisfies Body);
  });
});
