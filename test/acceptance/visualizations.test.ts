import { api, signUpUser } from '../support';
import { smallSession } from './scenario';
import type { Body, User } from './scenario';

describe('the pictures of a dataset', () => {
  let user: User;
  let session: string;
  beforeAll(async () => {
    user = await signUpUser();
    session = await smallSession(user);
  });

  it('are not there before it', async () => {
    expect(await api(user.token).get(`/visualizations/${session}`)).toMatchObject({
      status: 404,
      body: { code: 'VISUALIZATION_NOT_FOUND', session_id: session, plots: {}, message: 'No visualizations found for this session' },
    });
  });

  it('are those the job has answered, and are kept', async () => {
    const { body: made } = await api(user.token).post<Body>(`/generate-datasets/${session}`, {});
    const { status, body } = await api(user.token).get<Body>(`/visualizations/${session}`);
    expect([status, body['n_dat'], body['message']]).toEqual([200, 236, 'Visualizations retrieved successfully']); // golden case 40
    expect(body['plots']).toEqual(made['violin_plots']);
    expect(body['combined_violin_plots']).toEqual(made['combined_violin_plots']);
  }, 60_000);
});
