import { api, signUpUser } from '../support';
import { hourlyCsv, openSession, smallSession, startTraining, trainingEnd, uploadAll } from './scenario';
import type { Body, User } from './scenario';

let user: User;
let fresh: string;
let trained: string;

beforeAll(async () => {
  user = await signUpUser();
  fresh = await openSession(user);
  trained = await smallSession(user);
  await api(user.token).post('/save-time-info', { sessionId: trained, timeInfo: { jahr: true, feiertag: true } });
  await startTraining(user, trained, { model_parameters: { MODE: 'LIN' } });
  await trainingEnd(user, trained);
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
