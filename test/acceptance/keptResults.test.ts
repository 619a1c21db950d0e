import { api, serviceClient, signUpUser } from '../support';
import { hourlyCsv, openSession, smallSession, startTraining, trainingEnd, uploadAll } from './scenario';
import type { Answer, Body, User } from './scenario';

let user: User;
let fresh: string;
let trained: string;
let runId: string;

beforeAll(async () => {
  user = await signUpUser();
  fresh = await openSession(user);
  trained = await smallSession(user);
  await api(user.token).post('/save-time-info', { sessionId: trained, timeInfo: { jahr: true, feiertag: true } });
  await api(user.token).post(`/generate-datasets/${trained}`, {});
  runId = await startTraining(user, trained, { model_parameters: { MODE: 'LIN' } });
  expect(await trainingEnd(user, trained)).toMatchObject({ status: 'completed' });
}, 120_000);

describe('variables for plots', () => {
  const variables = async (session: string): Promise<Body> => (await api(user.token).get(`/plot-variables/${session}`)).body;

  it('are none while nothing is known', async () => {
    expect(await variables(fresh)).toEqual({
      success: true,
      session_id: fresh,
      input_variables: [],
      output_variables: [],
      time_components: [],
    });
  });

  it('are labels of files and switched-on time features before a training', async () => {
    const sessionId = await openSession(user);
    const bytes = hourlyCsv('a', 30, (i) => i);
    await uploadAll(user, { sessionId, fileName: 'b.csv', bytes, fileType: 'output', bezeichnung: 'Netzlast [kW]' });
    await uploadAll(user, { sessionId, fileName: 'a.csv', bytes, fileType: 'input' });
    await api(user.token).post('/save-time-info', { sessionId, timeInfo: { tag: true, monat: true, woche: false } });
    expect(await variables(sessionId)).toMatchObject({
      input_variables: ['a'],
      output_variables: ['Netzlast [kW]'],
      time_components: ['M_sin', 'M_cos', 'D_sin', 'D_cos'],
    });
  });

  it('are those of the newest completed run after it, whatever is edited later', async () => {
    await api(user.token).post('/save-time-info', { sessionId: trained, timeInfo: { tag: true } });
    expect(await variables(trained)).toMatchObject({
      input_variables: ['HUFL', 'MUFL'],
      output_variables: ['OT', 'LULL'],
      time_components: ['Y_sin', 'Y_cos', 'Holiday'],
    });
  });
});

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

describe('saving models', () => {
  const save = (session: string): Promise<Answer> => api(user.token).post(`/save-model/${session}`);

  it('needs a completed training', async () => {
    const { status, body } = await save(fresh);
    expect([status, body['code'], body['message']]).toEqual([404, 'RESULTS_NOT_FOUND', body['error']]);
    expect(body['error']).toContain('Train a model first');
  });

  it('verifies the files of the newest run, as often as it is asked, and names them as the download does', async () => {
    const first = await save(trained);
    expect(first).toMatchObject({
      status: 200,
      body: { success: true, message: 'Successfully saved 1 model(s) to storage', total_uploaded: 1, session_id: trained },
    });
    const [model] = first.body['models'] as Body[];
    expect(Object.keys(model ?? {}).sort()).toEqual(
      ['dataset_name', 'file_format', 'filename', 'model_type', 'path_in_results', 'size_mb', 'storage_path'].sort(),
    );
    expect(model).toMatchObject({ model_type: 'LIN', file_format: 'json' });
    const download = await api(user.token).get(`/download-model-h5/${trained}?filename=${encodeURIComponent(String(model?.['filename']))}`);
    expect([download.status, download.bytes.length / 1024 ** 2]).toEqual([200, expect.closeTo(Number(model?.['size_mb']), 6)]);
    expect((await save(trained)).body).toEqual(first.body);
    expect((await api(user.token).get(`/list-models-database/${trained}`)).body['data']).toMatchObject({ count: 1 });
  });

  it('says which file is damaged or missing', async () => {
    const session = await smallSession(user);
    await startTraining(user, session, { model_parameters: { MODE: 'LIN' } });
    await trainingEnd(user, session);
    const [model] = (await save(session)).body['models'] as Body[];
    const bucket = serviceClient().storage.from('models');
    const path = String(model?.['storage_path']);
    const failure = (error: string) => ({ filename: model?.['filename'] as string, error });
    await bucket.update(path, Buffer.from('{}'), { contentType: 'application/json', upsert: true });
    expect(await save(session)).toMatchObject({
      status: 500,
      body: { code: 'MODEL_SAVE_ERROR', failed_models: [failure('The file is damaged')] },
    });
    await bucket.remove([path]);
    const gone = await save(session);
    expect(gone).toMatchObject({ status: 500, body: { code: 'MODEL_SAVE_ERROR', failed_models: [failure('The file is missing')] } });
    expect(gone.body['message']).toBe(gone.body['error']);
    // a run whose models are no longer on record
    await serviceClient().from('saved_models').delete().eq('filename', String(model?.['filename']));
    expect(await save(session)).toMatchObject({ status: 404, body: { code: 'MODEL_NOT_FOUND' } });
  }, 120_000);
});

describe('evaluation tables of a client', () => {
  const save = (session: string, body: unknown): Promise<Answer> => api(user.token).post(`/save-evaluation-tables/${session}`, body);
  const saved = async (session: string): Promise<unknown> => (await api(user.token).get(`/evaluation-tables/${session}`)).body['saved'];

  it('are kept beside the computed ones; the last writer wins', async () => {
    const computed = (await api(user.token).get(`/evaluation-tables/${trained}`)).body;
    expect([computed['saved'], computed['run_id']]).toEqual([null, runId]);
    const first = await save(trained, { df_eval: { OT: { MAE: [1, null] } }, df_eval_ts: { OT: {} }, model_type: 'Dense' });
    expect(first).toMatchObject({
      status: 200,
      body: { success: true, session_id: trained, message: 'Evaluation tables saved successfully' },
    });
    expect(await saved(trained)).toEqual({
      df_eval: { OT: { MAE: [1, null] } },
      df_eval_ts: { OT: {} },
      model_type: 'Dense',
      saved_at: first.body['saved_at'],
    });
    const second = await save(trained, { df_eval_ts: { 'Käse\u0308': 2 } });
    expect(await saved(trained)).toMatchObject({
      df_eval: {},
      df_eval_ts: { ['Käse\u0308'.normalize('NFC')]: 2 },
      model_type: 'Unknown',
      saved_at: second.body['saved_at'],
    });
    expect(Date.parse(String(second.body['saved_at']))).toBeGreaterThan(Date.parse(String(first.body['saved_at'])));
    expect({ ...(await api(user.token).get(`/evaluation-tables/${trained}`)).body, saved: null }).toEqual(computed);
  });

  it('are answered alone where nothing was trained', async () => {
    expect(await api(user.token).get(`/evaluation-tables/${fresh}`)).toMatchObject({
      status: 404,
      body: { code: 'EVALUATION_TABLES_NOT_FOUND', session_id: fresh },
    });
    expect((await save(fresh, { df_eval: { a: 1 }, model_type: 'CNN' })).status).toBe(200);
    expect((await api(user.token).get(`/evaluation-tables/${fresh}`)).body).toMatchObject({
      run_id: null,
      df_eval: {},
      df_eval_ts: {},
      model_type: 'CNN',
      saved: { df_eval: { a: 1 } },
    });
  });

  it('may have up to 20 MiB', async () => {
    const large = (mib: number) => ({ df_eval: { text: 'x'.repeat(mib * 1024 ** 2) } });
    expect((await save(fresh, large(12))).status).toBe(200);
    expect(await save(fresh, large(21))).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
  }, 60_000);

  it.each<[string, unknown, string, string | undefined]>([
    ['no body', undefined, 'MISSING_BODY', undefined],
    ['nothing', {}, 'MISSING_BODY', undefined],
    ['no table', { model_type: 'CNN' }, 'BAD_REQUEST', undefined],
    ['empty tables', { df_eval: {}, df_eval_ts: {} }, 'BAD_REQUEST', undefined],
    ['a list', { df_eval: [1] }, 'BAD_REQUEST', 'df_eval'],
    ['a model type that is no text', { df_eval: { a: 1 }, model_type: 5 }, 'BAD_REQUEST', 'model_type'],
    ['characters that cannot be stored', { df_eval: { a: 'x\u0000' } }, 'BAD_REQUEST', undefined],
    ['half a character', { df_eval: { a: '\ud800' } }, 'BAD_REQUEST', undefined],
  ])('are refused with %s', async (_, body, code, field) => {
    const answer = await save(trained, body);
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([400, code, field]);
    const sentence = code === 'MISSING_BODY' ? 'No data provided' : expect.any(String);
    expect(answer.body['error']).toEqual(sentence);
  });
});
