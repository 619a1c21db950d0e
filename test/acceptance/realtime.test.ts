import { api, closeSockets, connect, repeats, signUpUser, waitFor } from '../support';
import { joinSession, largeSession, LONG_TRAINING, smallSession, startTraining, trainingEnd } from './scenario';
import type { Body, User } from './scenario';

const PHASES = ['queued', 'loading', 'dataset', 'training', 'evaluation', 'persisting', 'completed'];

describe('realtime', () => {
  let user: User;
  beforeAll(async () => {
    user = await signUpUser();
  });
  afterEach(closeSockets);

  it('refuses a socket without a valid token', async () => {
    for (const [token, code] of [
      [undefined, 'MISSING_AUTHORIZATION'],
      ['x.y.z', 'INVALID_TOKEN'],
      [user.token.slice(0, -4), 'INVALID_TOKEN'],
    ] as const)
      await expect(connect(token)).rejects.toMatchObject({ data: { code } });
  });

  it('tells the story of a training once: phases forward, percentages rising, the end after the row', async () => {
    const session = await smallSession(user);
    const { socket, events } = await joinSession(user, session);
    let statusAtEnd: Body | undefined;
    const askStatus = async (): Promise<void> => {
      statusAtEnd = (await api(user.token).get(`/status/${session}`)).body;
    };
    socket.on('training_completed', () => {
      askStatus().catch(() => undefined); // the test then waits in vain and says so
    });
    const runId = await startTraining(user, session, { model_parameters: { MODE: 'Dense', LAY: 1, N: 8, EP: 4 } });
    await waitFor(() => Promise.resolve(statusAtEnd ?? null), 60_000);
    await new Promise((resolve) => setTimeout(resolve, 1500)); // anything sent twice would come now
    socket.close();

    const run = events.filter(({ payload }) => payload['run_id'] === runId);
    const progress = run.filter(({ name }) => name === 'training_progress').map(({ payload }) => payload);
    const percents = progress.map((payload) => payload['progress_percent'] as number);
    const phases = progress.map((payload) => PHASES.indexOf(payload['phase'] as string));
    const seqs = run.map(({ payload }) => payload['seq'] as number);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(phases).toEqual([...phases].sort((a, b) => a - b));
    for (const phase of ['loading', 'dataset', 'training', 'evaluation', 'persisting', 'completed'])
      expect(phases).toContain(PHASES.indexOf(phase));
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    expect(run.map(({ name }) => name).slice(-2)).toEqual(['training_progress', 'training_completed']);
    expect(run.filter(({ name }) => name === 'training_completed')).toHaveLength(1);
    expect(run.filter(({ name }) => name === 'training_metrics').map(({ payload }) => payload['epoch'] as number)).toEqual([1, 2, 3, 4]);
    expect(statusAtEnd).toMatchObject({ status: 'completed', progress: 100, run_id: runId });
  }, 120_000);

  it('replays the outcome to whoever joins later', async () => {
    const session = await smallSession(user);
    const runId = await startTraining(user, session, { model_parameters: { MODE: 'LIN' } });
    await trainingEnd(user, session);
    const { socket, events } = await joinSession(user, session);
    const replay = await waitFor(() => Promise.resolve(events.find(({ name }) => name === 'training_completed') ?? null), 5_000);
    expect(replay.payload).toMatchObject({ run_id: runId, replay: true, status: 'completed', success: true });
    socket.close();
  }, 120_000);

  it('cancels within three seconds, says so once, and the row agrees', async () => {
    const session = await largeSession(user);
    const { socket, events } = await joinSession(user, session);
    const runId = await startTraining(user, session, LONG_TRAINING);
    await waitFor(
      () => Promise.resolve(events.find(({ name, payload }) => name === 'training_metrics' && payload['run_id'] === runId) ?? null),
      120_000,
    );
    const asked = Date.now();
    const answer = await api(user.token).post(`/cancel-training/${session}`, {});
    expect(answer.body).toMatchObject({ success: true, cancelled: true, job: 'training', runId });
    const status = await trainingEnd(user, session, 10);
    expect(Date.now() - asked).toBeLessThan(3_000);
    expect(status).toMatchObject({ status: 'cancelled' });
    expect(status['progress']).toBeLessThan(100);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const ends = events.filter(
      ({ name, payload }) => payload['run_id'] === runId && ['training_cancelled', 'training_completed', 'training_error'].includes(name),
    );
    expect(ends.map(({ name, payload }) => [name, payload['status']])).toEqual([['training_cancelled', 'cancelled']]);
    expect((await api(user.token).post(`/cancel-training/${session}`, {})).body).toMatchObject({ cancelled: false, status: 'cancelled' });
    repeats('POST /cancel-training/{session_id}');
    socket.close();
  }, 240_000);
});
