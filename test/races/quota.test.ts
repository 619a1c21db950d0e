import { changePlan, hourlyCsv, LONG_TRAINING, openSession, sendChunk, trainingEnd } from '../acceptance/scenario';
import type { Plan, User } from '../acceptance/scenario';
import { api, signUpUser } from '../support';
import { atOnce, jobsOver, several, tally, usageOf } from './support';

const UNITS = 3;
const REFUSED = 20;
const ALL = UNITS + REFUSED;
const ZEITSCHRITTE = { eingabe: '4', ausgabe: '4', zeitschrittweite: '60', offset: '0' };

/** Day a month of a subscription begins that started on a 31st: in shorter months their last day. */
function monthOfThe31st(now: Date): string {
  const lastDay = (months: number): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 0));
  const thisMonth = lastDay(1); // the last day of every month is its 31st, or what comes closest
  return (now.getUTCDate() === thisMonth.getUTCDate() ? thisMonth : lastDay(0)).toISOString().slice(0, 10);
}

const PERIODS: [string, Pick<Plan, 'anniversary'>, () => string][] = [
  ['calendar months', {}, () => `${new Date().toISOString().slice(0, 7)}-01`],
  ["months of the subscription's own", { anniversary: '2024-01-31T00:00:00Z' }, () => monthOfThe31st(new Date())],
];

/** A session with two small files and steps: ready for a dataset or a training. */
async function tinySession(user: User, value: (i: number) => number | string = (i) => i % 24): Promise<string> {
  const sessionId = await openSession(user);
  for (const fileType of ['input', 'output'] as const) {
    const bytes = hourlyCsv(fileType, 80, value as (i: number) => number);
    const { status } = await sendChunk(user, { sessionId, fileName: `${fileType}.csv`, bytes, fileType }, 0);
    expect(status).toBe(200);
  }
  await api(user.token).post('/save-zeitschritte', { sessionId, zeitschritte: ZEITSCHRITTE });
  return sessionId;
}

describe.each(PERIODS)('with three units left in %s, 23 requests at once get three', (_, period, beginning) => {
  let user: User;
  let sessions: string[];
  beforeAll(async () => {
    user = await signUpUser();
    await changePlan(user, { processing: -1, training: -1, ...period });
    sessions = await several(Array.from({ length: ALL }), 4, () => tinySession(user));
  }, 120_000);

  /** Leaves so many units of a kind, whatever was used before. */
  async function leave(units: Partial<Record<'processing' | 'training', number>>): Promise<void> {
    const used = await usageOf(user);
    const limit = (kind: 'processing' | 'training'): number => (units[kind] === undefined ? -1 : used[kind] + units[kind]);
    await changePlan(user, { processing: limit('processing'), training: limit('training'), ...period });
  }

  it('files', async () => {
    await leave({ processing: UNITS });
    const before = await usageOf(user);
    const sessionId = sessions[0]!;
    const bytes = hourlyCsv('x', 20, (i) => i);
    const answers = await atOnce(ALL, (i) => sendChunk(user, { sessionId, fileName: `extra${i}.csv`, bytes, fileType: 'input' }, 0));
    expect(tally(answers)).toEqual({ 200: UNITS, '403 PROCESSING_LIMIT_REACHED': REFUSED });
    const { processing } = await usageOf(user);
    for (const { body } of answers.filter(({ status }) => status === 403))
      expect(body).toMatchObject({ limit: processing, current_usage: processing });
    expect(await usageOf(user)).toEqual({
      processing: before.processing + UNITS,
      training: 0,
      charges: before.charges + UNITS,
      periodStart: beginning(),
    });
  }, 60_000);

  it('datasets', async () => {
    await leave({ processing: UNITS });
    const before = await usageOf(user);
    const answers = await atOnce(ALL, (i) => api(user.token).post(`/generate-datasets/${sessions[i]}?wait=0`, {}));
    expect(tally(answers)).toEqual({ 202: UNITS, '403 PROCESSING_LIMIT_REACHED': REFUSED });
    await jobsOver(user);
    expect(await usageOf(user)).toEqual({ ...before, processing: before.processing + UNITS, charges: before.charges + UNITS });
    const ready = await several(sessions, 4, async (id) => (await api(user.token).get(`/status/${id}`)).body['status']);
    expect(ready.filter((status) => status === 'completed')).toHaveLength(UNITS);
  }, 120_000);

  it('trainings', async () => {
    await leave({ training: UNITS });
    const before = await usageOf(user);
    const answers = await atOnce(ALL, (i) => api(user.token).post(`/train-models/${sessions[i]}`, { model_parameters: { MODE: 'LIN' } }));
    expect(tally(answers)).toEqual({ 200: UNITS, '403 TRAINING_LIMIT_REACHED': REFUSED });
    await jobsOver(user);
    expect(await usageOf(user)).toEqual({ ...before, training: before.training + UNITS, charges: before.charges + UNITS });
  }, 120_000);

  it('and after the units of cancelled trainings are back, exactly those again', async () => {
    await leave({ training: UNITS });
    const before = await usageOf(user);
    const chosen = sessions.slice(0, UNITS);
    for (const id of chosen) await api(user.token).post(`/train-models/${id}`, LONG_TRAINING);
    // many callers cancel each run at the same moment, some before training began, some perhaps after
    const cancels = await Promise.all(chosen.map((id) => atOnce(8, () => api(user.token).post(`/cancel-training/${id}`))));
    await jobsOver(user);
    const ends = await Promise.all(chosen.map((id) => trainingEnd(user, id)));
    expect(ends.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    const refunded = cancels.filter((answers) => answers.some(({ body }) => body['refunded'])).length;
    expect(refunded).toBeGreaterThan(0); // one device: the runs behind the first were still waiting
    expect(await usageOf(user)).toMatchObject({ training: before.training + UNITS - refunded, charges: before.charges + UNITS - refunded });

    const answers = await atOnce(ALL, (i) => api(user.token).post(`/train-models/${sessions[i]}`, { model_parameters: { MODE: 'LIN' } }));
    expect(tally(answers)).toEqual({ 200: refunded, '403 TRAINING_LIMIT_REACHED': ALL - refunded });
    await jobsOver(user);
    expect(await usageOf(user)).toMatchObject({ training: before.training + UNITS, charges: before.charges + UNITS });
  }, 120_000);

  it('and a job that fails in the build gives its unit back, once', async () => {
    await leave({ training: 1 });
    // both series cover the time, but no window has a number: only the build can show that
    const id = await tinySession(user, (i) => (i === 0 || i === 79 ? 1 : 'NaN'));
    await leave({ processing: 1, training: 1 });
    const before = await usageOf(user);
    for (const path of ['train-models', 'generate-datasets', 'train-models', 'generate-datasets']) {
      const answer = await api(user.token).post(`/${path}/${id}?wait=0`, { model_parameters: { MODE: 'LIN' } });
      expect([200, 202]).toContain(answer.status);
      await jobsOver(user);
      expect((await api(user.token).get(`/status/${id}`)).body).toMatchObject({ status: 'failed', error_code: 'NOT_FEASIBLE' });
      expect(await usageOf(user)).toEqual(before);
    }
  }, 120_000);
});
