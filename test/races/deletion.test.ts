import { changePlan, chunkForm, hourlyCsv, openSession, sendChunk } from '../acceptance/scenario';
import type { Answer, User } from '../acceptance/scenario';
import { api, signUpUser } from '../support';
import { tally } from './support';

const CSV = hourlyCsv('x', 80, (i) => i % 24);
const STEPS = { eingabe: '4', ausgabe: '4', zeitschrittweite: '60', offset: '0' };

/** Everything that writes to a session. */
const WRITES: Record<string, (user: User, sessionId: string) => Promise<Answer>> = {
  'init-session': ({ token }, sessionId) => api(token).post('/init-session', { sessionId, timeInfo: { jahr: true } }),
  'save-time-info': ({ token }, sessionId) => api(token).post('/save-time-info', { sessionId, timeInfo: { jahr: true } }),
  'save-zeitschritte': ({ token }, sessionId) => api(token).post('/save-zeitschritte', { sessionId, zeitschritte: STEPS }),
  'session-name-change': ({ token }, sessionId) => api(token).post('/session-name-change', { sessionId, sessionName: 'new' }),
  'csv-files': ({ token }, sessionId) => api(token).post('/csv-files', { sessionId, fileData: { fileName: 'announced.csv' } }),
  'upload-chunk': ({ token }, sessionId) => api(token).form('/upload-chunk', chunkForm({ sessionId, fileName: 'new.csv', bytes: CSV }, 0)),
  'finalize-session': ({ token }, sessionId) => api(token).post('/finalize-session', { sessionId }),
  'save-evaluation-tables': ({ token }, sessionId) => api(token).post(`/save-evaluation-tables/${sessionId}`, { df_eval: { a: 1 } }),
  'generate-datasets': ({ token }, sessionId) => api(token).post(`/generate-datasets/${sessionId}?wait=0`, {}),
  'train-models': ({ token }, sessionId) => api(token).post(`/train-models/${sessionId}`, { model_parameters: { MODE: 'LIN' } }),
};

describe('a session deleted while it is written to', () => {
  let user: User;
  beforeAll(async () => {
    user = await signUpUser();
    await changePlan(user, { processing: -1, training: -1 });
  });

  it.each(Object.entries(WRITES))(
    'refuses or takes %s, without an error of the server',
    async (_, write) => {
      const answers: Answer[] = [];
      for (let round = 0; round < 6; round++) {
        const sessionId = await openSession(user);
        for (const fileType of ['input', 'output'] as const)
          await sendChunk(user, { sessionId, fileName: 'a.csv', bytes: CSV, fileType }, 0);
        await api(user.token).post('/save-zeitschritte', { sessionId, zeitschritte: STEPS });
        const written = Array.from({ length: 5 }, () => write(user, sessionId));
        const deleted = api(user.token).post(`/session/${sessionId}/delete?force=true`);
        answers.push(...(await Promise.all([...written, deleted, write(user, sessionId), write(user, sessionId)])));
      }
      expect(Object.keys(tally(answers)).filter((kind) => kind.startsWith('5'))).toEqual([]);
    },
    60_000,
  );
});
