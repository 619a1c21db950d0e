import { api, repeats, signUpUser } from '../support';
import { openSession, smallSession, startTraining, trainingEnd } from './scenario';
import type { Body, User } from './scenario';

let user: User;
let session: string;
let untrained: string;
beforeAll(async () => {
  user = await signUpUser();
  [session, untrained] = await Promise.all([smallSession(user), openSession(user)]);
  await startTraining(user, session, { model_parameters: { MODE: 'LIN' } });
  expect(await trainingEnd(user, session)).toMatchObject({ status: 'completed' });
}, 120_000);

const plot = (body?: unknown, who: User = user) => api(who.token).post<Body>('/generate-plot', body);
const LINES = { df_plot_in: { HUFL: true, MUFL: false }, df_plot_out: { OT: true, LULL: true }, df_plot_fcst: { OT: true, LULL: true } };
const imageOf = ({ plot_data: uri }: Body): Buffer => Buffer.from(String(uri).split(',')[1]!, 'base64');

describe('a plot of test windows', () => {
  it('is a picture of 20 × 13 inches of the drawn windows, the same for the same seed', async () => {
    const first = await plot({ session_id: session, plot_settings: { num_sbpl: 4, seed: 7 }, ...LINES });
    expect([first.status, first.body['success'], first.body['seed'], first.body['session_id']]).toEqual([200, true, 7, session]);
    const samples = first.body['samples'] as string[];
    expect(new Set(samples).size).toBe(4);
    for (const sample of samples) expect(sample).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const png = imageOf(first.body);
    expect([png.subarray(1, 4).toString('latin1'), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(['PNG', 2000, 1300]);

    const again = await plot({ session_id: session, plot_settings: { num_sbpl: '4', seed: 7 }, ...LINES });
    expect(again.body['plot_data']).toBe(first.body['plot_data']);
    repeats('POST /generate-plot');
    const other = await plot({ session_id: session, plot_settings: { num_sbpl: 4, seed: 8 }, ...LINES });
    expect(other.body['plot_data']).not.toBe(first.body['plot_data']);
  });

  it('draws a seed when none is given, and as SVG when asked', async () => {
    const { status, body } = await plot({ session_id: session, plot_settings: { format: 'svg', y_sbpl_fmt: 'skaliert' }, ...LINES });
    expect([status, Number.isInteger(body['seed'])]).toEqual([200, true]);
    expect(String(body['plot_data'])).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(imageOf(body).toString('utf8')).toContain('<svg');
    expect((body['samples'] as unknown[]).length).toBe(17);
  });

  it.each<[string, Body]>([
    ['nothing selected', {}],
    ['an unknown column', { df_plot_in: { XYZ: true } }],
    ['an unknown option', { plot_settings: { x_sbpl: 'weeks' }, ...LINES }],
    ['too many windows', { plot_settings: { num_sbpl: 101 }, ...LINES }],
  ])('is refused with %s', async (_what, body) => {
    expect(await plot({ session_id: session, ...body })).toMatchObject({ status: 400, body: { code: 'INVALID_PLOT_PARAMS' } });
  });

  it('needs a session, a run of it, and the owner', async () => {
    expect(await plot({ ...LINES })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', error: 'Session ID is required', data: null },
    });
    expect(await plot({ session_id: untrained, ...LINES })).toMatchObject({ status: 404, body: { code: 'RESULTS_NOT_FOUND' } });
    const model_id = '00000000-0000-4000-8000-000000000000';
    expect(await plot({ session_id: session, model_id, ...LINES })).toMatchObject({ status: 404, body: { code: 'RESULTS_NOT_FOUND' } });
    expect(await plot({ session_id: session, ...LINES }, await signUpUser())).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('is refused for its values before session and run are looked for', async () => {
    const refused = { status: 400, body: { code: 'INVALID_PLOT_PARAMS', field: 'plot_settings.num_sbpl' } };
    const request = { plot_settings: { num_sbpl: 0 }, ...LINES };
    expect(await plot({ session_id: untrained, ...request })).toMatchObject(refused);
    expect(await plot({ session_id: 'session_1_unknown', ...request })).toMatchObject(refused);
    expect(await plot({ session_id: 'session_1_unknown', ...LINES })).toMatchObject({ status: 404, body: { code: 'SESSION_NOT_FOUND' } });
  });

  it('completes the session', async () => {
    const { body } = await api(user.token).get<Body>(`/results-summary/${session}`);
    expect(body['workflow_phase']).toBe('completed');
  });
});

describe('a plot of a run whose session has moved on', () => {
  it('shows the same as before, for other settings, another dataset, a newer run and without a file', async () => {
    const own = await smallSession(user);
    await startTraining(user, own, { model_parameters: { MODE: 'LIN' } });
    expect(await trainingEnd(user, own)).toMatchObject({ status: 'completed' });
    const [run] = (await api(user.token).get(`/results/${own}`)).body['results'] as Body[];
    const drawn = () => plot({ session_id: own, model_id: run?.['id'], plot_settings: { num_sbpl: 3, seed: 5 }, ...LINES });
    const before = await drawn();
    expect(before.status).toBe(200);
    const unchanged = async (): Promise<void> => {
      const { status, body } = await drawn();
      expect([status, body['samples'], body['plot_data'] === before.body['plot_data']]).toEqual([200, before.body['samples'], true]);
    };

    const zeitschritte = { eingabe: '7', ausgabe: '7', zeitschrittweite: '60', offset: '0' };
    expect((await api(user.token).post('/save-zeitschritte', { sessionId: own, zeitschritte })).status).toBe(200);
    await unchanged();
    expect((await api(user.token).post(`/generate-datasets/${own}`, {})).status).toBe(200);
    await unchanged();
    await startTraining(user, own, { model_parameters: { MODE: 'LIN' } });
    expect(await trainingEnd(user, own)).toMatchObject({ status: 'completed' });
    await unchanged();
    const newest = await plot({ session_id: own, plot_settings: { num_sbpl: 3, seed: 5 }, ...LINES });
    expect([newest.status, newest.body['plot_data'] === before.body['plot_data']]).toEqual([200, false]);
    const [file] = (await api(user.token).get(`/csv-files/${own}`)).body['data'] as Body[];
    expect((await api(user.token).delete(`/csv-files/${String(file?.['id'])}`)).status).toBe(200);
    await unchanged();
  }, 120_000);
});
