import { api, repeats, signUpUser } from '../support';
import { hourlyCsv, openSession, sendChunk, smallSession, uploadAll } from './scenario';
import type { Body, User } from './scenario';

describe('datasets', () => {
  let user: User;
  let session: string;
  beforeAll(async () => {
    user = await signUpUser();
    session = await smallSession(user);
  }, 60_000);

  it('says that nothing has started yet', async () => {
    expect((await api(user.token).get(`/status/${session}`)).body).toMatchObject({
      status: 'not_found',
      progress: 0,
      current_step: 'Not started',
    });
  });

  it('shows the job that is asked for; an empty name is none', async () => {
    const status = (job: string) => api(user.token).get(`/status/${session}?job=${job}`);
    expect(await status('')).toMatchObject({ status: 200, body: { job: null, status: 'not_found' } });
    expect(await status('training')).toMatchObject({ status: 200, body: { job: 'training', status: 'not_found' } });
    expect(await status('tuning')).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', error: 'job must be "dataset" or "training"', field: 'job', session_id: session, status: 'error' },
    });
  });

  it('builds the windows, draws a violin for every column, and counts the windows', async () => {
    const { status, body } = await api(user.token).post(`/generate-datasets/${session}`, {});
    expect(status).toBe(200);
    expect(body).toMatchObject({ n_dat: 236, dataset_count: 236, n_dat_source: 'windows', cached: false }); // golden case 40
    expect(Object.keys(body['violin_plots'] as Body)).toEqual(['input_HUFL', 'input_MUFL', 'output_OT', 'output_LULL']);
    for (const plot of Object.values(body['violin_plots'] as Record<string, Body>))
      expect(plot['data']).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);
    expect((body['violin_plots'] as Record<string, Body>)['output_OT']).toMatchObject({ type: 'output', label: 'OUT1' });
    expect(Object.values(body['combined_violin_plots'] as Body)).toEqual([
      expect.stringMatching(/^data:image\/png/),
      expect.stringMatching(/^data:image\/png/),
    ]);
    expect((await api(user.token).get(`/session/${session}/database`)).body['session']).toMatchObject({
      n_dat: 236,
      n_dat_source: 'windows',
    });
  }, 60_000);

  it('computes step and offset of the transferred data, in place of what was sent', async () => {
    const own = await openSession(user);
    const sent = { zeitschrittweiteTransferiertenDaten: '33', offsetTransferiertenDaten: '44' };
    for (const [fileType, from, to] of [
      ['input', '-3', '0'],
      ['output', '0', '1'],
    ] as const) {
      const settings = { ...sent, zeithorizontStart: from, zeithorizontEnd: to };
      const bytes = hourlyCsv('load', 300, (i) => i % 7);
      await uploadAll(user, { sessionId: own, fileName: `${fileType}.csv`, bytes, fileType, bezeichnung: fileType, settings });
    }
    const zeitschritte = { eingabe: '4', ausgabe: '4', zeitschrittweite: '60', offset: '0' };
    expect((await api(user.token).post('/save-zeitschritte', { sessionId: own, zeitschritte })).status).toBe(200);
    const shown = async (): Promise<unknown[][]> =>
      ((await api(user.token).get(`/csv-files/${own}`)).body['data'] as Body[]).map((file) => [
        file['type'],
        file['zeitschrittweite_transferierten_daten'],
        file['offset_transferierten_daten'],
      ]);
    expect(await shown()).toEqual([
      ['input', '33', '44'],
      ['output', '33', '44'],
    ]);
    expect((await api(user.token).post(`/generate-datasets/${own}`, {})).status).toBe(200);
    expect(await shown()).toEqual([
      ['input', '60', '0'],
      ['output', '20', '0'],
    ]);
  }, 60_000);

  it('answers an unchanged session from the cache, also as SVG', async () => {
    const again = await api(user.token).post(`/generate-datasets/${session}?wait=0`, {});
    expect(again).toMatchObject({ status: 200, body: { cached: true, n_dat: 236 } });
    repeats('POST /generate-datasets/{session_id}');
    const svg = await api(user.token).post(`/generate-datasets/${session}?format=svg`, {});
    const { data } = (svg.body['violin_plots'] as Record<string, Body>)['input_HUFL'] ?? {};
    expect(Buffer.from(String(data).split(',')[1] ?? '', 'base64').toString()).toContain('<svg');
  }, 60_000);

  it('refuses a session without files, and one without steps', async () => {
    const empty = await openSession(user);
    expect(await api(user.token).post(`/generate-datasets/${empty}`, {})).toMatchObject({ status: 400, body: { code: 'NO_FILES' } });
    for (const fileType of ['input', 'output'] as const) {
      await sendChunk(user, { sessionId: empty, fileName: `${fileType}.csv`, bytes: hourlyCsv('a', 100, (i) => i), fileType }, 0);
    }
    const incomplete = await api(user.token).post(`/generate-datasets/${empty}`, {});
    expect(incomplete).toMatchObject({ status: 400, body: { code: 'INCOMPLETE_CONFIG' } });
    expect(incomplete.body['missing']).toEqual(expect.arrayContaining(['eingabe', 'ausgabe', 'zeitschrittweite']));
  });

  it('refuses settings that leave no window, with the reason', async () => {
    const sparse = await openSession(user);
    for (const fileType of ['input', 'output'] as const) {
      const settings =
        fileType === 'input' ? { zeithorizontStart: '-500', zeithorizontEnd: '0' } : { zeithorizontStart: '0', zeithorizontEnd: '500' };
      await uploadAll(user, { sessionId: sparse, fileName: `${fileType}.csv`, bytes: hourlyCsv('a', 100, (i) => i), fileType, settings });
    }
    await api(user.token).post('/save-zeitschritte', {
      sessionId: sparse,
      zeitschritte: { eingabe: '5', ausgabe: '5', zeitschrittweite: '60', offset: '0' },
    });
    const { status, body } = await api(user.token).post(`/generate-datasets/${sparse}`, {});
    expect([status, body['code'], (body['details'] as Body[])[0]?.['code']]).toEqual([422, 'NOT_FEASIBLE', 'NO_WINDOWS']);
  });
});
