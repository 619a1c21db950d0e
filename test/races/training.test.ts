import { smallSession, trainingEnd } from '../acceptance/scenario';
import type { Body, User } from '../acceptance/scenario';
import { api, signUpUser } from '../support';
import { atOnce, jobsOver, tally, usageOf } from './support';

const LINEAR = { model_parameters: { MODE: 'LIN' } };
const logOf = async (user: User): Promise<Body[]> => (await user.client.from('training_results').select('run_id, status')).data ?? [];

describe('a training started by many requests at once', () => {
  let user: User;
  let neighbour: User;
  let session: string;
  let foreign: string;
  beforeAll(async () => {
    [user, neighbour] = await Promise.all([signUpUser(), signUpUser()]);
    [session, foreign] = await Promise.all([smallSession(user), smallSession(neighbour)]);
  }, 60_000);

  it('is one run and one unit; the others learn which run it is, and the neighbour trains undisturbed', async () => {
    const before = await usageOf(user);
    const [answers, other] = await Promise.all([
      atOnce(50, () => api(user.token).post(`/train-models/${session}`, LINEAR)),
      api(neighbour.token).post(`/train-models/${foreign}`, LINEAR),
    ]);
    expect(tally(answers)).toEqual({ 200: 1, '409 TRAINING_IN_PROGRESS': 49 });
    expect(other.status).toBe(200);
    const started = answers.find(({ status }) => status === 200)!.body;
    for (const { body } of answers.filter(({ status }) => status === 409)) expect(body['workflowId']).toBe(started['workflowId']);

    const [mine, his] = await Promise.all([trainingEnd(user, session), trainingEnd(neighbour, foreign)]);
    expect([mine['run_id'], mine['status']]).toEqual([started['runId'], 'completed']);
    expect([his['run_id'], his['status']]).toEqual([other.body['runId'], 'completed']);
    expect(await logOf(user)).toEqual([{ run_id: started['runId'], status: 'completed' }]);
    expect(await usageOf(user)).toMatchObject({ training: 1, processing: before.processing, charges: before.charges + 1 });
    expect(await usageOf(neighbour)).toMatchObject({ training: 1 });
  }, 120_000);

  it('and a dataset asked for at the same moment: one job in all', async () => {
    await api(user.token).post('/save-zeitschritte', {
      sessionId: session,
      zeitschritte: { eingabe: '13', ausgabe: '13', zeitschrittweite: '120', offset: '0' }, // another dataset than the cached one
    });
    const answers = await atOnce(20, (i) =>
      api(user.token).post(i % 2 ? `/train-models/${session}` : `/generate-datasets/${session}?wait=0`, LINEAR),
    );
    const refused = answers.filter(({ status }) => status === 409);
    expect([refused.length, answers.filter(({ status }) => status === 200 || status === 202).length]).toEqual([19, 1]);
    expect(new Set(refused.map(({ body }) => body['workflowId'])).size).toBe(1);
    await jobsOver(user);
  }, 120_000);

  it('is cancelled once by many requests, with one unit given back', async () => {
    const before = await usageOf(user);
    await api(user.token).post(`/train-models/${session}`, { model_parameters: { MODE: 'Dense', LAY: 3, N: 1024, EP: 400 } });
    const answers = await atOnce(20, () => api(user.token).post(`/cancel-training/${session}`));
    expect(tally(answers)).toEqual({ 200: 20 });
    const end = await trainingEnd(user, session);
    expect(end['status']).toBe('cancelled');
    const given = answers.some(({ body }) => body['refunded']);
    const after = await usageOf(user);
    expect(after.training).toBe(before.training + (given ? 0 : 1));
    expect(after.charges).toBe(before.charges + (given ? 0 : 1));
    const again = await atOnce(5, () => api(user.token).post(`/cancel-training/${session}`));
    expect(again.map(({ body }) => body['cancelled'])).toEqual([false, false, false, false, false]);
    expect(await usageOf(user)).toEqual(after);
  }, 120_000);
});
