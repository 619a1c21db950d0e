/** Answers of the job, result and model routes that the acceptance tests do not look at in detail. */
import { createStore } from '../../src/store';
import { jobWorkflowId } from '../../src/workflows/ids';
import { smallSession, startTraining, trainingEnd } from '../acceptance/scenario';
import type { Body } from '../acceptance/scenario';
import { openSession, testConfig, trainingOf } from '../realtime/client';
import { api, closeSockets, connect, signUpUser } from '../support';
import type { TestUser } from '../support';

let user: TestUser;
let session: string;
let runId: string;

beforeAll(async () => {
  user = await signUpUser();
  session = await smallSession(user); // 236 windows: 165 / 47 / 24, 13 steps, 2 inputs, 2 outputs
  runId = await startTraining(user, session, { model_parameters: { MODE: 'LIN' }, scaler_fit: 'all' });
  expect(await trainingEnd(user, session)).toMatchObject({ status: 'completed' });
}, 120_000);
afterEach(closeSockets);

type Nested = number[][][];
interface Arrays {
  X: Nested;
  y: Nested;
  X_orig: Nested;
  y_orig: Nested;
}

describe('results with arrays', () => {
  it('add the three parts of the split to the light document, scaled and in original units', async () => {
    const { status, headers, body } = await api(user.token).get(`/results/${session}?include=arrays`);
    expect([status, headers.get('content-type'), body['count']]).toEqual([200, 'application/json; charset=utf-8', 1]);
    const [run] = body['results'] as Body[];
    const document = run?.['results'] as Body;
    expect(run).toMatchObject({ run_id: runId, session_id: session, status: 'completed' });
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
          2,
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
    const light = (await api(user.token).get(`/results/${session}`)).body['results'] as Body[];
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
    const { body } = await api(user.token).get(`/get-training-results/${session}?include=arrays&sets=test`);
    const document = ((body['results'] as Body[])[0] as Body)['results'] as Body;
    expect([Object.hasOwn(document, 'test_data'), Object.hasOwn(document, 'train_data')]).toEqual([true, false]);
    for (const query of ['include=everything', 'include=arrays&sets=test,all', 'model_id=5']) {
      expect((await api(user.token).get(`/results/${session}?${query}`)).status).toBe(400);
    }
    const unknown = await api(user.token).get(`/results/${session}?model_id=11111111-1111-4111-8111-111111111111`);
    expect(unknown).toMatchObject({ status: 404, body: { code: 'RESULTS_NOT_FOUND' } });
  });

  it('are an empty list, as without them, before anything was trained', async () => {
    const { ref } = await openSession(user);
    const { status, body } = await api(user.token).get(`/results/${ref}?include=arrays`);
    expect([status, body['results'], body['count']]).toEqual([200, [], 0]);
    expect(body['message']).toMatch(/^No training results yet/);
  });

  it('link every file of the run', async () => {
    const { body } = await api(user.token).get(`/results/${session}`);
    const document = ((body['results'] as Body[])[0] as Body)['results'] as Record<string, Body[]>;
    for (const { url, expires_at, size_bytes } of [...(document['trained_models'] ?? []), ...(document['artifacts'] ?? [])]) {
      const bytes = await (await fetch(String(url))).arrayBuffer();
      expect(bytes.byteLength).toBe(size_bytes);
      expect(Date.parse(String(expires_at))).toBeGreaterThan(Date.now() + 3_500_000);
    }
    expect(document['artifacts']?.map(({ name }) => name as string)).toContain('test_data.npz');
  });
});

describe('evaluation tables', () => {
  it('show metrics and levels in the documented order, which the database does not keep', async () => {
    const { body } = await api(user.token).get(`/evaluation-tables/${session}`);
    const metrics = ['MAE', 'MAPE', 'MSE', 'RMSE', 'NRMSE', 'WAPE', 'sMAPE', 'MASE'];
    const table = (body['df_eval'] as Record<string, Body>)['OT'] ?? {};
    expect(Object.keys(table)).toEqual(['delta [min]', ...metrics]);
    const levels = (body['df_eval_ts'] as Record<string, Record<string, Body>>)['OT'] ?? {};
    expect(Object.keys(levels)).toEqual((table['delta [min]'] as number[]).map((delta) => delta.toFixed(1)));
    expect(Object.values(levels).map((steps) => Object.keys(steps))).toEqual(Array.from({ length: 12 }, () => metrics));
  });
});

describe('the pictures of a dataset that was built inside a training', () => {
  it('are drawn without a job and without a charge', async () => {
    const charges = async () => (await user.client.from('usage_charges').select('id').eq('kind', 'processing')).data?.length;
    const before = await charges();
    const { status, body } = await api(user.token).post(`/generate-datasets/${session}?wait=0&format=svg`, {});
    expect([status, body['cached'], Object.keys(body['violin_plots'] as Body)]).toEqual([
      200,
      true,
      ['input_HUFL', 'input_MUFL', 'output_OT', 'output_LULL'],
    ]);
    expect((body['violin_plots'] as Record<string, Body>)['input_HUFL']?.['data']).toMatch(/^data:image\/svg\+xml;base64,/);
    const stored = (await api(user.token).get(`/visualizations/${session}`)).body['plots'] as Record<string, Body>;
    expect(stored['input_HUFL']?.['data']).toMatch(/^data:image\/png;base64,/);
    expect(await charges()).toBe(before);
  }, 60_000);
});

describe('requests a job is not started for', () => {
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

describe('a run whose start was lost', () => {
  const lost = async () => {
    const config = testConfig();
    const store = createStore(config);
    const own = await openSession(user);
    const job = trainingOf(user, own);
    const workflowId = jobWorkflowId('training', own.uuid);
    await store.service.beginJob({ userId: user.id, job, workflowId, kind: 'training', chargeKey: `training:${job.runId}` });
    return { own, job, store };
  };

  it('blocks another start and says where it stands', async () => {
    const { own, job } = await lost();
    const { body } = await api(user.token).get(`/status/${own.ref}`);
    expect(body).toMatchObject({
      status: 'queued',
      phase: 'queued',
      progress: 0,
      run_id: job.runId,
      completed_steps: 0,
      queue_position: expect.any(Number) as number,
    });
    await api(user.token).post(`/cancel-training/${own.ref}`);
  });

  it('is cancelled without a workflow: row, refund and one event', async () => {
    const { own, job } = await lost();
    const { ask, next, heard } = await connect(user.token);
    await ask('join_training_session', { session_id: own.ref });
    const { body } = await api(user.token).post(`/cancel-training/${own.ref}`);
    expect(body).toEqual({
      success: true,
      session_id: own.ref,
      cancelled: true,
      job: 'training',
      workflowId: `training-${own.uuid}`,
      runId: job.runId,
      status: 'cancelled',
      refunded: true,
    });
    expect(await next('training_cancelled')).toMatchObject({ run_id: job.runId, status: 'cancelled', refunded: true });
    const again = await api(user.token).post(`/cancel-training/${own.ref}`);
    expect(again.body).toMatchObject({ cancelled: false, status: 'cancelled' });
    expect(heard.filter(({ event }) => event === 'training_cancelled')).toHaveLength(1);
  });

  it('is started by whoever asks for its status after five seconds', async () => {
    const { own, job, store } = await lost();
    await new Promise((resolve) => setTimeout(resolve, 5_500));
    expect((await api(user.token).get(`/status/${own.ref}`)).body['run_id']).toBe(job.runId);
    const end = await trainingEnd(user, own.ref, 30); // a session without files cannot be trained
    expect(end).toMatchObject({ status: 'failed', run_id: job.runId });
    expect((await store.service.run(job.runId))?.temporal_run_id).not.toBeNull();
  }, 60_000);
});

describe('model files', () => {
  it('are not sent again to whoever has them', async () => {
    const first = await api(user.token).raw('GET', `/download-model-h5/${session}`);
    const etag = String(first.headers.get('etag'));
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect(first.headers.get('content-disposition')).toMatch(/^attachment; filename="?lin_.*\.json"?/);
    const same = await api(user.token).raw('GET', `/download-model-h5/${session}`, { headers: { 'if-none-match': etag } });
    expect([same.status, same.bytes.length]).toEqual([304, 0]);
    const size = first.bytes.length;
    const tail = await api(user.token).raw('GET', `/download-model-h5/${session}`, { headers: { range: 'bytes=-5', 'if-range': etag } });
    expect([tail.status, tail.headers.get('content-range'), tail.bytes.equals(first.bytes.subarray(-5))]).toEqual([
      206,
      `bytes ${size - 5}-${size - 1}/${size}`,
      true,
    ]);
    const changed = await api(user.token).raw('GET', `/download-model-h5/${session}`, {
      headers: { range: 'bytes=-5', 'if-range': '"other"' },
    });
    expect([changed.status, changed.bytes.length]).toEqual([200, size]);
    const beyond = await api(user.token).raw('GET', `/download-model-h5/${session}`, { headers: { range: `bytes=${size}-` } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
    const head = await api(user.token).raw('HEAD', `/download-model-h5/${session}`);
    expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, String(size), 0]);
  });
});
