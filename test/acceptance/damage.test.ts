/** Stored things that are damaged or gone although their rows are there: seen and said, and never an answer made of them. */
import { api, serviceClient, signUpUser } from '../support';
import { describeWith } from '../support/offers';
import { trainedSession } from './scenario';
import type { Answer, Body, User } from './scenario';

const json = { contentType: 'application/json', upsert: true };

describeWith('service role')('what is stored of a run', () => {
  let user: User;
  let session: string;
  beforeAll(async () => {
    user = await signUpUser();
  });
  beforeEach(async () => {
    session = await trainedSession(user);
  }, 60_000);

  const save = (): Promise<Answer> => api(user.token).post(`/save-model/${session}`);
  const predict = (): Promise<Answer> =>
    api(user.token).post(`/predict/${session}`, { input_data: Array.from({ length: 13 }, () => [1, 2]) });
  const result = async (): Promise<Body> => (await api(user.token).get<Body>(`/results/${session}`)).body['results'][0] as Body;

  it('a model: its file is damaged, then missing, then no longer on record', async () => {
    const [model] = (await save()).body['models'] as Body[];
    const bucket = serviceClient().storage.from('models');
    const path = String(model?.['storage_path']);
    const failure = (error: string) => ({ filename: model?.['filename'] as string, error });
    await bucket.update(path, Buffer.from('{}'), json);
    expect(await save()).toMatchObject({
      status: 500,
      body: { code: 'MODEL_SAVE_ERROR', failed_models: [failure('The file is damaged')] },
    });
    expect(await predict()).toMatchObject({ status: 500, body: { success: false, code: 'PREDICTION_ERROR' } });
    await bucket.remove([path]);
    const gone = await save();
    expect(gone).toMatchObject({ status: 500, body: { code: 'MODEL_SAVE_ERROR', failed_models: [failure('The file is missing')] } });
    expect(gone.body['message']).toBe(gone.body['error']);
    await serviceClient().from('saved_models').delete().eq('filename', String(model?.['filename']));
    expect(await save()).toMatchObject({ status: 404, body: { code: 'MODEL_NOT_FOUND' } });
    expect(await predict()).toMatchObject({ status: 404, body: { code: 'MODEL_NOT_FOUND' } });
  }, 60_000);

  it('its scalers: a forecast in original units is refused, a scaled one is not', async () => {
    await serviceClient()
      .from('training_results')
      .update({ scalers: null })
      .eq('run_id', (await result())['run_id']);
    expect(await predict()).toMatchObject({ status: 404, body: { code: 'SCALER_NOT_FOUND' } });
    const scaled = await api(user.token).post(`/predict/${session}`, {
      input_data: Array.from({ length: 13 }, () => [0, 1]),
      apply_scaling: false,
    });
    expect(scaled.status).toBe(200);
  }, 60_000);

  it('its forecasts: no plot is drawn of them', async () => {
    const { url } = ((await result())['results'].artifacts as Body[]).find(({ kind }) => kind === 'arrays')!;
    const path = decodeURIComponent(new URL(String(url)).pathname).split('/training-results/')[1]!;
    const bucket = serviceClient().storage.from('training-results');
    const { data } = await bucket.download(path);
    await bucket.update(path, Buffer.alloc(data?.size ?? 0, 1), { contentType: 'application/octet-stream', upsert: true });
    const answer = await api(user.token).post('/generate-plot', { session_id: session, df_plot_fcst: { OT: true } });
    expect(answer).toMatchObject({ status: 500, body: { success: false, code: 'PLOT_GENERATION_ERROR' } });
  }, 60_000);
});
