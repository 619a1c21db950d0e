import { randomUUID } from 'node:crypto';
import { newSessionId } from '../acceptance/scenario';
import type { Body, User } from '../acceptance/scenario';
import { api, signUpUser } from '../support';
import { atOnce, tally } from './support';

describe('a session opened by many requests at once', () => {
  let user: User;
  beforeEach(async () => {
    user = await signUpUser();
  });

  it.each([
    ['string id', newSessionId()],
    ['UUID', randomUUID()],
  ])('is one session: %s', async (_, sessionId) => {
    const timeInfo = { jahr: true, zeitzone: 'Europe/Vienna' };
    const answers = await atOnce(100, () => api(user.token).post('/init-session', { sessionId, timeInfo }));
    expect(tally(answers)).toEqual({ 200: 100 });
    expect(new Set(answers.map(({ body }) => body['sessionUuid'])).size).toBe(1);
    expect(answers.filter(({ body }) => body['created'])).toHaveLength(1);

    const { body } = await api(user.token).get('/list-sessions');
    expect(body).toMatchObject({ total_count: 1, returned: 1 });
    expect((body['sessions'] as Body[])[0]).toMatchObject({ sessionId, sessionUuid: answers[0]?.body['sessionUuid'], timeInfoCount: 1 });
  });

  it('belongs to one of two users who ask for the same id; the other is refused', async () => {
    const rival = await signUpUser();
    const sessionId = newSessionId();
    const answers = await atOnce(40, (i) => api((i % 2 ? user : rival).token).post('/init-session', { sessionId }));
    expect(tally(answers)).toEqual({ 200: 20, '403 FORBIDDEN': 20 });
    const parity = new Set(answers.flatMap(({ status }, i) => (status === 200 ? [i % 2] : [])));
    expect(parity.size).toBe(1);
    const counts = await Promise.all([user, rival].map(async ({ token }) => (await api(token).get('/list-sessions')).body['total_count']));
    expect(counts.sort()).toEqual([0, 1]);
  });

  it('is deleted once, however many ask for it', async () => {
    const sessionId = newSessionId();
    await api(user.token).post('/init-session', { sessionId });
    const answers = await atOnce(30, () => api(user.token).post(`/session/${sessionId}/delete`, {}));
    expect(tally(answers)).toEqual({ 200: 1, '404 SESSION_NOT_FOUND': 29 });
    expect((await api(user.token).get('/list-sessions')).body).toMatchObject({ total_count: 0 });
  });

  it.each([
    ['string id', newSessionId()],
    ['UUID', randomUUID()],
  ])('may be deleted meanwhile: it is opened anew, nobody gets an error: %s', async (_, sessionId) => {
    const body = { sessionId, timeInfo: { jahr: true }, zeitschritte: { eingabe: '3' } };
    const answers = await atOnce(90, (i) =>
      i % 3 === 0 ? api(user.token).post(`/session/${sessionId}/delete`, {}) : api(user.token).post('/init-session', body),
    );
    expect(tally(answers.filter((__, i) => i % 3 !== 0))).toEqual({ 200: 60 });
    expect(Object.keys(tally(answers)).filter((kind) => kind !== '200' && kind !== '404 SESSION_NOT_FOUND')).toEqual([]);
    expect((await api(user.token).post('/init-session', body)).status).toBe(200);
    expect((await api(user.token).get('/list-sessions')).body).toMatchObject({ total_count: 1 });
  });
});
