import { api, signUpUser } from '../support';
import { smallSession, trainedSession } from './scenario';
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

  it('are drawn without a job and without a charge where the dataset was built inside a training', async () => {
    const trained = await trainedSession(user);
    const charges = async () => (await user.client.from('usage_charges').select('id').eq('kind', 'processing')).data?.length;
    const before = await charges();
    const { status, body } = await api(user.token).post(`/generate-datasets/${trained}?wait=0&format=svg`, {});
    expect([status, body['cached'], Object.keys(body['violin_plots'] as Body)]).toEqual([
      200,
      true,
      ['input_HUFL', 'input_MUFL', 'output_OT', 'output_LULL'],
    ]);
    expect((body['violin_plots'] as Record<string, Body>)['input_HUFL']?.['data']).toMatch(/^data:image\/svg\+xml;base64,/);
    const stored = (await api(user.token).get(`/visualizations/${trained}`)).body['plots'] as Record<string, Body>;
    expect(stored['input_HUFL']?.['data']).toMatch(/^data:image\/png;base64,/);
    expect(await charges()).toBe(before);
    // the windows are counted as those of a dataset job are
    expect((await api(user.token).get(`/results-summary/${trained}`)).body).toMatchObject({
      n_dat: body['n_dat'],
      n_dat_source: 'windows',
    });
  }, 60_000);
});
