import { api, repeats, signUpUser } from '../support';
import { goldenCase, goldenSession, openSession, smallSession, startTraining, trainingEnd } from './scenario';
import type { Body, User } from './scenario';

const LEVELS = ['MAE', 'MAPE', 'MSE', 'RMSE', 'NRMSE', 'WAPE', 'sMAPE', 'MASE'];

describe('training', () => {
  let user: User;
  let session: string;
  beforeAll(async () => {
    user = await signUpUser();
    session = await smallSession(user);
  }, 60_000);

  it('refuses to train without data, before any quota is touched', async () => {
    const usage = async () => (await user.client.from('usage_charges').select('id')).data?.length;
    const empty = await openSession(user);
    const before = await usage();
    expect(await api(user.token).post(`/train-models/${empty}`, { model_parameters: { MODE: 'LIN' } })).toMatchObject({
      status: 400,
      body: { code: 'NO_FILES' },
    });
    expect(await usage()).toBe(before);
  });

  it.each<[Body, number, string]>([
    [{}, 400, 'MISSING_BODY'],
    [{ model_parameters: { MODE: 'Forest' } }, 400, 'INVALID_MODEL_PARAMS'],
    [{ model_parameters: { MODE: 'Dense', LAY: 17 } }, 400, 'INVALID_MODEL_PARAMS'],
    [{ model_parameters: { MODE: 'Dense', N: 'many' } }, 400, 'INVALID_MODEL_PARAMS'],
    [
      { model_parameters: { MODE: 'LIN' }, training_split: { trainPercentage: 70, valPercentage: 20, testPercentage: 20 } },
      400,
      'INVALID_TRAINING_SPLIT',
    ],
    [{ model_parameters: { MODE: 'LIN' }, seed: -1 }, 400, 'INVALID_TRAINING_SPLIT'],
    [{ model_parameters: { MODE: 'Dense', LAY: 16, N: 4096 } }, 422, 'NOT_FEASIBLE'],
    [{ model_parameters: { MODE: 'SVR_dir', svr_subsample: 20_001 } }, 400, 'INVALID_MODEL_PARAMS'],
  ])('refuses %j with %i %s', async (body, status, code) => {
    const answer = await api(user.token).post(`/train-models/${session}`, body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('trains LIN from upload to evaluation with the numbers of golden case 40', async () => {
    const sizesWithoutInfluence = { n_train: 0, n_val: 0, n_test: '7' };
    const runId = await startTraining(user, session, {
      model_parameters: { MODE: 'Linear' },
      training_split: sizesWithoutInfluence,
      scaler_fit: 'all',
    });
    const status = await trainingEnd(user, session);
    expect(status).toMatchObject({
      status: 'completed',
      progress: 100,
      phase: 'completed',
      completed_steps: 7,
      run_id: runId,
      error: null,
    });

    const { body: tables } = await api(user.token).get(`/evaluation-tables/${session}`);
    const expected = goldenCase('40-lin-2in-2out') as { model: { df_eval: Record<string, Record<string, (number | null)[]>> } };
    for (const [output, table] of Object.entries(expected.model.df_eval)) {
      for (const metric of LEVELS) {
        const actual = (tables['df_eval'] as Record<string, Record<string, number[]>>)[output]?.[metric] ?? [];
        table[metric]?.forEach(
          (value, level) => value !== null && expect(Math.abs((actual[level] ?? NaN) - value) / Math.abs(value)).toBeLessThan(1e-6),
        );
      }
    }

    const { body: results } = await api(user.token).get(`/results/${session}`);
    const [result] = results['results'] as Body[];
    expect(result).toMatchObject({
      run_id: runId,
      status: 'completed',
      n_dat: 236,
      results: {
        schema_version: 1,
        model_type: 'Linear',
        model_internal: 'LIN',
        training_split: { ...sizesWithoutInfluence, trainPercentage: 70 },
        metadata: { n_train: 165, n_val: 47, n_test: 24, seed: 42, scaler_fit: 'all' },
      },
    });
    const light = result?.['results'] as Body;
    expect(Object.keys(light['baselines'] as Body).sort()).toEqual(['daily', 'persistence', 'weekly']);
    const [model] = light['trained_models'] as Body[];
    const signed = await fetch(model?.['url'] as string);
    expect(await signed.json()).toMatchObject({ outputs: expect.any(Array) as unknown[] });
  }, 120_000);

  it('trains Dense and hands out a file that Keras reads', async () => {
    await startTraining(user, session, { model_parameters: { MODE: 'Dense', LAY: '1', N: 8, EP: 3, ACTF: 'relu' } });
    expect(await trainingEnd(user, session)).toMatchObject({ status: 'completed', progress: 100 });
    const { body } = await api(user.token).get(`/list-models-database/${session}`);
    const models = (body['data'] as Body)['models'] as Body[];
    const h5 = models.find(({ format }) => format === 'h5');
    const answer = await api(user.token).raw('GET', `/download-model-h5/${session}?filename=${h5?.['filename'] as string}`, {});
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('etag')]).toEqual([
      200,
      'application/octet-stream',
      `"${h5?.['sha256'] as string}"`,
    ]);
    expect(answer.bytes.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]));
    const part = await api(user.token).raw('GET', `/download-model-h5/${session}`, { headers: { range: 'bytes=0-7' } });
    expect([part.status, part.bytes.length]).toEqual([206, 8]);
    expect(await api(user.token).get(`/download-model-h5/${session}?filename=..%2Fx`)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_MODEL_FILENAME' },
    });
    expect(await api(user.token).get(`/download-model-h5/${session}?filename=none.h5`)).toMatchObject({
      status: 404,
      body: { code: 'MODEL_NOT_FOUND' },
    });
  }, 120_000);

  it('keeps both runs for comparison, newest first, and the same request gives the same model', async () => {
    const { body } = await api(user.token).get(`/results/${session}`);
    expect((body['results'] as Body[]).map(({ results }) => (results as Body)['model_internal'] as string)).toEqual(['Dense', 'LIN']);
    expect((await api(user.token).get(`/get-training-results/${session}`)).body['count']).toBe(2);
    const first = ((body['results'] as Body[])[0]?.['results'] as Body)['evaluation_metrics'];
    await startTraining(user, session, { model_parameters: { MODE: 'Dense', LAY: 1, N: 8, EP: 3, ACTF: 'ReLU' } });
    await trainingEnd(user, session);
    const again = await api(user.token).get(`/results/${session}`);
    expect((((again.body['results'] as Body[])[0]?.['results'] as Body)['evaluation_metrics'] as Body)['test_metrics_original']).toEqual(
      (first as Body)['test_metrics_original'],
    );
  }, 120_000);

  it('lets one of many simultaneous starts through and charges one unit', async () => {
    const other = await smallSession(user);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api(user.token).post(`/train-models/${other}`, { model_parameters: { MODE: 'LIN' } })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ body }) => body['code'] as string))).toEqual(new Set(['TRAINING_IN_PROGRESS']));
    expect(refused[0]?.body).toMatchObject({
      workflowId: expect.stringMatching(/^training-/) as string,
      status: expect.stringMatching(/queued|running/) as string,
    });
    await trainingEnd(user, other);
    const uuid = ((await api(user.token).get(`/session/${other}/database`)).body['session'] as Body)['databaseSessionId'] as string;
    const { data } = await user.client.from('usage_charges').select('kind,state').eq('session_id', uuid).eq('kind', 'training');
    expect(data).toEqual([{ kind: 'training', state: 'committed' }]);
    repeats('POST /train-models/{session_id}');
  }, 120_000);

  it.each([
    ['CNN', { MODE: 'CNN', LAY: 1, N: 4, K: 3, EP: 2, ACTF: 'ReLU' }, []],
    ['LSTM', { MODE: 'LSTM', LAY: 1, N: 4, EP: 2, ACTF: 'Tanh' }, []],
    ['AR LSTM', { MODE: 'AR LSTM', LAY: 1, N: 4, EP: 2, ACTF: 'Tanh' }, ['AR_LSTM_IS_LSTM']],
  ])(
    'trains %s to a result with a file in every format',
    async (model, model_parameters, warnings) => {
      const own = await smallSession(user);
      await startTraining(user, own, { model_parameters });
      expect(await trainingEnd(user, own)).toMatchObject({ status: 'completed', progress: 100 });
      const { body } = await api(user.token).get(`/results/${own}`);
      const [result] = (body['results'] as Body[]).map(({ results }) => results as Body);
      expect(result).toMatchObject({ model_type: model, model_internal: model, parameters: model_parameters });
      expect((result?.['warnings'] as Body[]).map(({ code }) => code as string)).toEqual(expect.arrayContaining(warnings));
      expect((result?.['training'] as Body)['history']).toMatchObject({ loss: [expect.any(Number), expect.any(Number)] });
      const files = (await api(user.token).get(`/list-models-database/${own}`)).body['data'] as Body;
      expect((files['models'] as Body[]).map(({ format }) => format as string).sort()).toEqual(['bin', 'h5', 'json', 'keras']);
    },
    120_000,
  );

  it.each(['SVR_dir', 'SVR_MIMO'])(
    'trains %s with the numbers of its golden case, its document and its warning',
    async (MODE) => {
      const [name, KERNEL] = MODE === 'SVR_dir' ? ['43-svr-dir-poly', 'Poly'] : ['42-svr-mimo-rbf', 'rbf'];
      const own = await goldenSession(user, name);
      await startTraining(user, own, { model_parameters: { MODE, KERNEL, C: '1', EPSILON: '0,1' }, scaler_fit: 'all' });
      expect(await trainingEnd(user, own)).toMatchObject({ status: 'completed', progress: 100 });
      const { body: tables } = await api(user.token).get(`/evaluation-tables/${own}`);
      const expected = goldenCase(name) as { model: { df_eval: Record<string, Record<string, number[]>>; svr: Body[] } };
      for (const [output, table] of Object.entries(expected.model.df_eval)) {
        const actual = (tables['df_eval'] as Record<string, Record<string, number[]>>)[output];
        for (const metric of ['MAE', 'RMSE', 'MASE']) expect(Math.abs(actual![metric]![0]! / table[metric]![0]! - 1)).toBeLessThan(1e-3);
      }
      const result = ((await api(user.token).get(`/results/${own}`)).body['results'] as Body[])[0]!['results'] as Body;
      expect(result).toMatchObject({
        model_type: MODE,
        model_internal: 'SVR',
        parameters: { MODE, KERNEL: KERNEL.toLowerCase(), C: 1, EPSILON: 0.1 },
      });
      const { n_train: windows } = result['metadata'] as { n_train: number };
      expect(result['training']).toMatchObject({ rows_total: windows * 13, rows_used: windows * 13, seed: 42 });
      const [model] = result['trained_models'] as Body[];
      const document = (await (await fetch(model?.['url'] as string)).json()) as { outputs: Body[] };
      expect(document.outputs.map(({ bias }) => bias as number)).toEqual(
        expected.model.svr.map(({ intercept }) => expect.closeTo(intercept as number, 3) as number),
      );

      await startTraining(user, own, { model_parameters: { MODE, svr_subsample: 100 } });
      await trainingEnd(user, own);
      const again = ((await api(user.token).get(`/results/${own}`)).body['results'] as Body[])[0]!['results'] as Body;
      expect(again['training']).toMatchObject({ rows_total: windows * 13, rows_used: 100 });
      expect((again['warnings'] as Body[]).map(({ code }) => code as string)).toContain('SVR_SUBSAMPLED');
    },
    120_000,
  );

  it('answers nothing found before a training', async () => {
    const fresh = await openSession(user);
    expect((await api(user.token).get(`/results/${fresh}`)).body).toMatchObject({ success: true, results: [], count: 0 });
    expect(await api(user.token).get(`/evaluation-tables/${fresh}`)).toMatchObject({
      status: 404,
      body: { code: 'EVALUATION_TABLES_NOT_FOUND' },
    });
    expect((await api(user.token).get(`/list-models-database/${fresh}`)).body['data']).toEqual({ models: [], count: 0 });
    expect((await api(user.token).post(`/cancel-training/${fresh}`, {})).body).toMatchObject({ success: true, cancelled: false });
  });
});

describe('a training that is not started', () => {
  let user: User;
  let session: string;
  beforeAll(async () => {
    user = await signUpUser();
    session = await smallSession(user);
  });

  it('names every wrong setting at once, with the allowed names', async () => {
    const { status, body } = await api(user.token).post(`/train-models/${session}`, {
      model_parameters: { MODE: 'Forest', LAY: 0, ACTF: 'Magic' },
      seed: 'x',
    });
    expect([status, body['code'], body['field']]).toEqual([400, 'INVALID_MODEL_PARAMS', 'MODE']);
    expect(body['allowed']).toEqual(expect.arrayContaining(['Dense', 'LIN']));
    expect((body['details'] as Body[]).map(({ code }) => code as string).sort()).toEqual([
      'MODE_UNKNOWN',
      'PARAM_OPTION',
      'PARAM_RANGE',
      'SEED',
    ]);
  });

  it('refuses settings before it looks at the session', async () => {
    const stranger = await signUpUser();
    const wrong = { model_parameters: { MODE: 'Forest' } };
    expect((await api(stranger.token).post(`/train-models/${session}`, wrong)).body['code']).toBe('INVALID_MODEL_PARAMS');
    expect((await api(stranger.token).post(`/train-models/${session}`, { model_parameters: { MODE: 'LIN' } })).body).toEqual({
      success: false,
      code: 'FORBIDDEN',
      error: 'Access denied',
    });
  });
});
