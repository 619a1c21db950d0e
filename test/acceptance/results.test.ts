import { api, signUpUser } from '../support';
import { openSession, smallSession, startTraining, trainingEnd } from './scenario';
import type { User } from './scenario';

let user: User;
let fresh: string;
let trained: string;

beforeAll(async () => {
  user = await signUpUser();
  fresh = await openSession(user);
  trained = await smallSession(user);
  await api(user.token).post('/save-time-info', { sessionId: trained, timeInfo: { jahr: true } });
  await api(user.token).post(`/generate-datasets/${trained}`, {});
  await startTraining(user, trained, { model_parameters: { MODE: 'LIN' } });
  expect(await trainingEnd(user, trained)).toMatchObject({ status: 'completed' });
}, 120_000);

describe('the summary of a session', () => {
  it('says that there is nothing yet', async () => {
    expect((await api(user.token).get(`/results-summary/${fresh}`)).body).toEqual({
      success: true,
      session_id: fresh,
      n_dat: null,
      n_dat_source: null,
      workflow_phase: 'upload',
      has_training_results: false,
      has_trained_model: false,
      model_count: 0,
      has_violin_plots: false,
      violin_plot_types: [],
    });
  });

  it('says what dataset and training left', async () => {
    expect((await api(user.token).get(`/results-summary/${trained}`)).body).toMatchObject({
      n_dat: 236, // golden case 40
      n_dat_source: 'windows',
      workflow_phase: 'phase4',
      has_training_results: true,
      has_trained_model: true,
      model_count: 1,
      has_violin_plots: true,
      violin_plot_types: ['input', 'time', 'output'],
    });
  });
});
