import { api, signUpUser } from '../support';
import { openSession, smallSession, startTraining, trainingEnd } from './scenario';
import type { Body, User } from './scenario';

let user: User;
let fresh: string;
let trained: string;
let runId: string;

beforeAll(async () => {
  user = await signUpUser();
  fresh = await openSession(user);
  trained = await smallSession(user);
  await api(user.token).post('/save-time-info', { sessionId: trained, timeInfo: { jahr: true } });
  await api(user.token).post(`/generate-datasets/${trained}`, {});
  runId = await startTraining(user, trained, { model_parameters: { MODE: 'LIN' }, scaler_fit: 'all' });
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

type Nested = number[][][];
interface Arrays {
  X: Nested;
  y: Nested;
  X_orig: Nested;
  y_orig: Nested;
}

describe('results with arrays', () => {
  it('add the three parts of the split to the light document, scaled and in original units', async () => {
    const { status, headers, body } = await api(user.token).get(`/results/${trained}?include=arrays`);
    expect([status, headers.get('content-type'), body['count']]).toEqual([200, 'application/json; charset=utf-8', 1]);
    const [run] = body['results'] as Body[];
    const document = run?.['results'] as Body;
    expect(run).toMatchObject({ run_id: runId, session_id: trained, status: 'completed' });
    for (const [set, windows] of [
      ['train_data', 165],
      ['val_data', 47],
      ['test_data', 24],
    ] as const) {
      const arrays = document[set] as Arrays;
      for (const name of ['X', 'y', 'X_orig', 'y_orig'] as const) {
        expect([set, name, arrays[name].length, arrays[name][0]?.length, arrays[name][0]?.[0]?.length]).toEqual([
          set,
          name,
          windows,
          13,
          name.startsWith('X') ? 4 : 2, // inputs: two series, sine and cosine of the year
        ]);
      }
      // x·scale + min, with the scalers of the document
      const scalers = (document['scalers'] as Record<string, Record<string, { scale: number; min: number }>>)['input'];
      for (const column of [0, 1]) {
        const { scale = NaN, min = NaN } = scalers?.[String(column)] ?? {};
        const [scaled, original] = [arrays.X[3]?.[5]?.[column] ?? NaN, arrays.X_orig[3]?.[5]?.[column] ?? NaN];
        expect(scaled).toBeCloseTo(original * scale + min, 9);
      }
    }
    // the light form of the same run has everything else, and no arrays
    const light = (await api(user.token).get(`/results/${trained}`)).body['results'] as Body[];
    const {
      train_data: _train,
      val_data: _val,
      test_data: _test,
      trained_models: _m,
      trained_model: _o,
      artifacts: _a,
      ...rest
    } = document;
    expect(light[0]?.['results']).toMatchObject(rest);
    expect(light[0]?.['results']).not.toHaveProperty('test_data');
  });

  it('are restricted by sets and answered for one run', async () => {
    const { body } = await api(user.token).get(`/get-training-results/${trained}?include=arrays&sets=test`);
    const document = ((body['results'] as Body[])[0] as Body)['results'] as Body;
    expect([Object.hasOwn(document, 'test_data'), Object.hasOwn(document, 'train_data')]).toEqual([true, false]);
    for (const query of ['include=everything', 'include=arrays&sets=test,all', 'model_id=5']) {
      expect((await api(user.token).get(`/results/${trained}?${query}`)).status).toBe(400);
    }
    for (const path of ['results', 'get-training-results']) {
      const unknown = await api(user.token).get(`/${path}/${trained}?model_id=11111111-1111-4111-8111-111111111111`);
      expect(unknown).toMatchObject({ status: 404, body: { code: 'RESULTS_NOT_FOUND' } });
    }
  });

  it('are an empty list, as without them, before anything was trained', async () => {
    const ref = await openSession(user);
    const { status, body } = await api(user.token).get(`/results/${ref}?include=arrays`);
    expect([status, body['results'], body['count']]).toEqual([200, [], 0]);
    expect(body['message']).toMatch(/^No training results yet/);
  });

  it('link every file of the run', async () => {
    const { body } = await api(user.token).get(`/results/${trained}`);
    const document = ((body['results'] as Body[])[0] as Body)['results'] as Record<string, Body[]>;
    for (const { url, expires_at, size_bytes } of [...(document['trained_models'] ?? []), ...(document['artifacts'] ?? [])]) {
      const bytes = await (await fetch(String(url))).arrayBuffer();
      expect(bytes.byteLength).toBe(size_bytes);
      expect(Date.parse(String(expires_at))).toBeGreaterThan(Date.now() + 3_500_000);
    }
    expect(document['artifacts']?.map(({ name }) => name as string)).toContain('test_data.npz');
  });
});
