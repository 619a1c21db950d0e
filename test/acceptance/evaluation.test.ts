import { api, repeats, signUpUser } from '../support';
import { openSession, trainedSession } from './scenario';
import type { Answer, Body, User } from './scenario';

let user: User;
let fresh: string;
let trained: string;

beforeAll(async () => {
  user = await signUpUser();
  [fresh, trained] = await Promise.all([openSession(user), trainedSession(user)]);
}, 120_000);

describe('evaluation tables of a client', () => {
  const save = (session: string, body: unknown): Promise<Answer> => api(user.token).post(`/save-evaluation-tables/${session}`, body);
  const saved = async (session: string): Promise<unknown> => (await api(user.token).get(`/evaluation-tables/${session}`)).body['saved'];

  it('are kept beside the computed ones; the last writer wins', async () => {
    const computed = (await api(user.token).get(`/evaluation-tables/${trained}`)).body;
    expect([computed['saved'], computed['model_type']]).toEqual([null, 'LIN']);
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
    expect((await save(trained, { df_eval: { OT: { MAE: [1, null] } }, df_eval_ts: { OT: {} }, model_type: 'Dense' })).status).toBe(200);
    expect(await saved(trained)).toMatchObject({ df_eval: { OT: { MAE: [1, null] } }, df_eval_ts: { OT: {} }, model_type: 'Dense' });
    repeats('POST /save-evaluation-tables/{session_id}');
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
    ['a model type that cannot be stored', { df_eval: { a: 1 }, model_type: 'a\u0000' }, 'BAD_REQUEST', 'model_type'],
    ['characters that cannot be stored', { df_eval: { a: 'x\u0000' } }, 'BAD_REQUEST', undefined],
    ['half a character', { df_eval: { a: '\ud800' } }, 'BAD_REQUEST', undefined],
  ])('are refused with %s', async (_, body, code, field) => {
    const answer = await save(trained, body);
    expect([answer.status, answer.body['code'], answer.body['field']]).toEqual([400, code, field]);
    const sentence = code === 'MISSING_BODY' ? 'No data provided' : expect.any(String);
    expect(answer.body['error']).toEqual(sentence);
  });

  it('are read before the session is looked for', async () => {
    expect(await save('session_1_unknown', {})).toMatchObject({ status: 400, body: { code: 'MISSING_BODY', error: 'No data provided' } });
    expect(await save('session_1_unknown', { df_eval: {} })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', error: 'No evaluation tables provided' },
    });
  });

  it('have a bounded depth', async () => {
    const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect((await save(fresh, { df_eval: { a: nested(60) } })).status).toBe(200);
    expect(await save(fresh, { df_eval: { a: nested(1000) } })).toMatchObject({ status: 400, body: { code: 'MALFORMED_JSON' } });
  });
});

describe('evaluation tables', () => {
  it('show metrics and levels in the documented order, which the database does not keep', async () => {
    const { body } = await api(user.token).get(`/evaluation-tables/${trained}`);
    const metrics = ['MAE', 'MAPE', 'MSE', 'RMSE', 'NRMSE', 'WAPE', 'sMAPE', 'MASE'];
    const table = (body['df_eval'] as Record<string, Body>)['OT'] ?? {};
    expect(Object.keys(table)).toEqual(['delta [min]', ...metrics]);
    const levels = (body['df_eval_ts'] as Record<string, Record<string, Body>>)['OT'] ?? {};
    expect(Object.keys(levels)).toEqual((table['delta [min]'] as number[]).map((delta) => delta.toFixed(1)));
    expect(Object.values(levels).map((steps) => Object.keys(steps))).toEqual(Array.from({ length: 12 }, () => metrics));
  });
});
