import { api, repeats, signUpUser } from '../support';
import { openSession, smallSession, startTraining, trainingEnd } from './scenario';
import type { Body, User } from './scenario';
import { testData, windowOf } from './storedArrays';

let user: User;
let untrained: string;
const sessions: Record<string, string> = {};
const MODELS: Record<string, Body> = {
  LIN: { MODE: 'LIN' },
  SVR: { MODE: 'SVR_MIMO', svr_subsample: 300 },
  Dense: { MODE: 'Dense', LAY: 1, N: 8, EP: 2 },
};

beforeAll(async () => {
  user = await signUpUser();
  untrained = await openSession(user);
  for (const [name, model_parameters] of Object.entries(MODELS)) {
    sessions[name] = await smallSession(user);
    await startTraining(user, sessions[name], { model_parameters });
    expect(await trainingEnd(user, sessions[name])).toMatchObject({ status: 'completed' });
  }
}, 240_000);

const predict = (session: string, body?: unknown, who: User = user) => api(who.token).post<Body>(`/predict/${session}`, body);

describe('a forecast with a stored model', () => {
  it.each(Object.keys(MODELS))('of %s is the one its training stored, scaled and in original units', async (name) => {
    const session = sessions[name]!;
    const { X, X_orig: inputs, y_pred: scaled, y_fcst: original } = await testData(user, session);
    for (const [apply_scaling, sent, expected] of [
      [true, inputs, original],
      [false, X, scaled],
    ] as const) {
      const { status, body } = await predict(session, { input_data: [windowOf(sent!, 0), windowOf(sent!, 3)], apply_scaling });
      expect([status, body['success'], body['input_count'], body['scaling_applied'], body['output_features']]).toEqual([
        200,
        true,
        2,
        apply_scaling,
        ['OT', 'LULL'],
      ]);
      const predictions = body['predictions'] as number[][][];
      [0, 3].forEach((w, k) => {
        const wanted = windowOf(expected!, w);
        expect(predictions[k]!.length).toBe(13);
        predictions[k]!.forEach((step, i) => step.forEach((value, j) => expect(Math.abs(value - wanted[i]![j]!)).toBeLessThan(1e-4)));
      });
    }
  });

  it('takes one window, by place or by name, with the same answer', async () => {
    const { X_orig: inputs } = await testData(user, sessions['LIN']!);
    const window = windowOf(inputs!, 1);
    const byPlace = await predict(sessions['LIN']!, { input_data: window });
    const byName = await predict(sessions['LIN']!, {
      input_data: { MUFL: window.map((row) => row[1]), HUFL: window.map((row) => row[0]) },
    });
    expect(byPlace.status).toBe(200);
    expect((byPlace.body['predictions'] as unknown[]).length).toBe(1);
    expect(byName.body['predictions']).toEqual(byPlace.body['predictions']);
    const again = await predict(sessions['LIN']!, { input_data: window });
    expect(again.body['predictions']).toEqual(byPlace.body['predictions']);
    repeats('POST /predict/{session_id}');
  });

  it('uses the model that is named', async () => {
    const { body } = await api(user.token).get<Body>(`/list-models-database/${sessions['Dense']!}`);
    const files = (body['data'].models as Body[]).map(({ filename }) => String(filename));
    const { X_orig: inputs } = await testData(user, sessions['Dense']!);
    const answer = await predict(sessions['Dense']!, { input_data: windowOf(inputs!, 0), model_filename: files.at(-1) });
    expect([answer.status, answer.body['model_used']]).toEqual([200, expect.any(String)]);
    expect(files).toContain(answer.body['model_used']);
  });

  it.each<[string, unknown, number, string]>([
    ['no body', undefined, 400, 'MISSING_PREDICTION_INPUT'],
    ['no input', { apply_scaling: true }, 400, 'MISSING_PREDICTION_INPUT'],
    ['a list of numbers', { input_data: [1, 2] }, 400, 'INVALID_PREDICTION_INPUT'],
    ['a ragged window', { input_data: [[1, 2], [3]] }, 400, 'INVALID_PREDICTION_INPUT'],
    ['a gap', { input_data: [[1, null]] }, 400, 'INVALID_PREDICTION_INPUT'],
    ['too few steps', { input_data: [[1, 2]] }, 400, 'INVALID_PREDICTION_INPUT'],
    ['an unknown feature', { input_data: { HUFL: [1], XYZ: [2] } }, 400, 'INVALID_PREDICTION_INPUT'],
    ['a path for a name', { input_data: [[1, 2]], model_filename: '../secret' }, 400, 'INVALID_MODEL_FILENAME'],
    ['a model that is not there', { input_data: [[1, 2]], model_filename: 'none.h5' }, 404, 'MODEL_NOT_FOUND'],
  ])('is refused with %s', async (_what, sent, status, code) => {
    expect(await predict(sessions['LIN']!, sent)).toMatchObject({ status, body: { success: false, code } });
  });

  it('names the shape it needs', async () => {
    const { body } = await predict(sessions['LIN']!, { input_data: [[1, 2]] });
    expect(body['error']).toMatch(/13.*2/);
  });

  it('needs a model, and the owner', async () => {
    const data = { input_data: [[1, 2]] };
    expect(await predict(untrained, data)).toMatchObject({ status: 404, body: { code: 'MODEL_NOT_FOUND' } });
    expect(await predict(sessions['LIN']!, data, await signUpUser())).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await api().post(`/predict/${sessions['LIN']!}`, data)).toMatchObject({ status: 401 });
  });
});
