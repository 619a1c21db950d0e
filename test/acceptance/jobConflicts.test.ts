/** At most one job of a session is active, whatever its kind (http-api A.11); everything that would disturb it waits. */
import { api, signUpUser, waitFor } from '../support';
import { largeSession, LONG_TRAINING, smallSession, startTraining, trainingEnd } from './scenario';
import type { Answer, Body, User } from './scenario';

let user: User;
beforeAll(async () => {
  user = await signUpUser();
});

/** Everything that is refused while a job of the session runs. */
async function disturb(session: string): Promise<[string, Answer][]> {
  const http = api(user.token);
  const file = ((await http.get<Body>(`/csv-files/${session}`)).body['data'] as Body[])[0]!['id'] as string;
  const attempts: [string, () => Promise<Answer>][] = [
    ['POST /generate-datasets', () => http.post(`/generate-datasets/${session}?wait=0`, {})],
    ['POST /train-models', () => http.post(`/train-models/${session}`, { model_parameters: { MODE: 'LIN' } })],
    ['DELETE /csv-files', () => http.delete(`/csv-files/${file}`)],
    ['POST /session/delete', () => http.post(`/session/${session}/delete`)],
    ['POST /delete-all-sessions', () => http.post('/delete-all-sessions', { confirm_delete_all: true })],
  ];
  return Promise.all(attempts.map(async ([title, send]) => [title, await send()] as [string, Answer]));
}

function expectConflict(answers: readonly [string, Answer][], code: string, workflow: RegExp): void {
  for (const [title, { status, body }] of answers)
    expect([title, status, body]).toMatchObject([
      title,
      409,
      {
        success: false,
        code,
        workflowId: expect.stringMatching(workflow) as string,
        status: expect.stringMatching(/queued|running/) as string,
        progress: expect.any(Number) as number,
      },
    ]);
}

it('a dataset under way is answered 202 and is not disturbed', async () => {
  const session = await largeSession(user);
  const started = await api(user.token).post<Body>(`/generate-datasets/${session}?wait=0`, {});
  expect(started).toMatchObject({
    status: 202,
    body: { success: true, status: 'processing', session_id: session, workflowId: expect.stringMatching(/^datasets-/) as string },
  });
  expectConflict(await disturb(session), 'DATASET_IN_PROGRESS', /^datasets-/);
  const done = await waitFor(async () => {
    const { body } = await api(user.token).get(`/status/${session}?job=dataset`);
    return body['status'] === 'completed' ? body : null;
  }, 60_000);
  expect(done).toMatchObject({ job: 'dataset', progress: 100 });
  expect(await api(user.token).post(`/generate-datasets/${session}?wait=0`, {})).toMatchObject({ status: 200, body: { cached: true } });
}, 90_000);

it('a training under way is not disturbed', async () => {
  const session = await smallSession(user);
  await startTraining(user, session, LONG_TRAINING);
  // a dataset that is not the training's
  await api(user.token).post('/save-zeitschritte', {
    sessionId: session,
    zeitschritte: { eingabe: '12', ausgabe: '12', zeitschrittweite: '60' },
  });
  expectConflict(await disturb(session), 'TRAINING_IN_PROGRESS', /^training-/);
  expect((await api(user.token).post(`/cancel-training/${session}`)).status).toBe(200);
  expect(await trainingEnd(user, session)).toMatchObject({ status: 'cancelled' });
}, 60_000);
