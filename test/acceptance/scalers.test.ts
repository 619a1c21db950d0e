import { unzipSync } from 'fflate';
import { api, repeats, signUpUser } from '../support';
import { openSession, smallSession, startTraining, trainingEnd } from './scenario';
import type { Body, User } from './scenario';

interface Scaler {
  name: string;
  feature_range: [number, number];
  data_min: number;
  data_max: number;
  data_range: number;
  scale: number;
  min: number;
  n_samples_seen: number;
}

let user: User;
let session: string;
let untrained: string;
beforeAll(async () => {
  user = await signUpUser();
  [session, untrained] = await Promise.all([smallSession(user), openSession(user)]);
  await startTraining(user, session, { model_parameters: { MODE: 'LIN' } });
  await trainingEnd(user, session);
}, 120_000);

const scalersOf = async (): Promise<{ input: Record<string, Scaler>; output: Record<string, Scaler>; metadata: Body }> =>
  (await api(user.token).get<Body>(`/scalers/${session}`)).body['scalers'];
const download = (path: string, headers: Record<string, string> = {}) => api(user.token).raw('GET', path, { headers });

describe('scalers of the newest run', () => {
  it('are shown per column with counts and names', async () => {
    const { status, body, headers } = await api(user.token).get<Body>(`/scalers/${session}`);
    expect([status, body['success'], body['session_id'], headers.get('cache-control')]).toEqual([200, true, session, 'no-store']);
    const { input, output, metadata } = body['scalers'] as Awaited<ReturnType<typeof scalersOf>>;
    expect(metadata).toEqual({
      input_features: 2,
      output_features: 2,
      input_features_scaled: 2,
      output_features_scaled: 2,
      input_feature_names: ['HUFL', 'MUFL'],
      output_feature_names: ['OT', 'LULL'],
    });
    for (const [side, names] of [
      [input, ['HUFL', 'MUFL']],
      [output, ['OT', 'LULL']],
    ] as const) {
      expect(Object.keys(side)).toEqual(['0', '1']);
      Object.values(side).forEach((scaler, i) => {
        const { name, feature_range: range, data_min: least, data_max: most, data_range: width, scale, min, n_samples_seen: seen } = scaler;
        expect([name, range, seen]).toEqual([names[i], [0, 1], 165 * 13]); // fitted on the training windows
        expect(width).toBe(most - least);
        expect(least * scale + min).toBeCloseTo(0, 12);
        expect(most * scale + min).toBeCloseTo(1, 12);
      });
    }
  });

  it('are downloaded as an archive that can be kept, resumed and checked', async () => {
    const answer = await download(`/scalers/${session}/download`);
    const [, stamp] = /^attachment; filename="scalers_.*_(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)\.zip"$/.exec(
      answer.headers.get('content-disposition') ?? '',
    )!;
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      200,
      'application/zip',
      'private, no-cache',
    ]);
    expect(answer.headers.get('content-disposition')).toContain(`scalers_${session}_`);
    const files = unzipSync(answer.bytes);
    expect(Object.keys(files).sort()).toEqual(
      [
        ...[`i_scale_${stamp}.json`, `o_scale_${stamp}.json`, `i_scale_${stamp}.save`, `o_scale_${stamp}.save`],
        ...['README.txt', 'load_scalers.py'],
      ].sort(),
    );
    const { input, output } = await scalersOf();
    const json = (name: string) => JSON.parse(Buffer.from(files[name]!).toString('utf8')) as unknown;
    expect([json(`i_scale_${stamp}.json`), json(`o_scale_${stamp}.json`)]).toEqual([input, output]);

    const etag = answer.headers.get('etag')!;
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    expect((await download(`/scalers/${session}/download`, { 'if-none-match': etag })).status).toBe(304);
    const part = await download(`/scalers/${session}/download`, { range: 'bytes=10-29', 'if-range': etag });
    expect([part.status, part.bytes]).toEqual([206, answer.bytes.subarray(10, 30)]);
    expect((await download(`/scalers/${session}/download`, { range: 'bytes=9999999-' })).status).toBe(416);
  });

  it('do not exist before a training, and are no one else’s', async () => {
    const stranger = await signUpUser();
    const data = { input_data: [[1, 2]] };
    for (const ask of [
      (who: User, id: string) => api(who.token).get(`/scalers/${id}`),
      (who: User, id: string) => api(who.token).get(`/scalers/${id}/download`),
      (who: User, id: string) => api(who.token).post(`/scale-data/${id}`, data),
    ]) {
      expect(await ask(user, untrained)).toMatchObject({ status: 404, body: { success: false, code: 'SCALER_NOT_FOUND' } });
      expect(await ask(stranger, session)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
      expect(await ask(user, 'session_1_unknown')).toMatchObject({ status: 404, body: { code: 'SESSION_NOT_FOUND' } });
    }
    expect(await api().get(`/scalers/${session}`)).toMatchObject({ status: 401 });
  });
});

describe('scaling data of one’s own', () => {
  const scale = (body: unknown) => api(user.token).post<Body>(`/scale-data/${session}`, body);

  it('takes rows in training order: gaps stay, nothing is clipped, more columns pass', async () => {
    const { input } = await scalersOf();
    const [h, m] = [input['0']!, input['1']!];
    const sent = [
      [h.data_min, m.data_max, 5],
      [h.data_max + h.data_range, null, '7,5'],
    ];
    const { status, body } = await scale({ input_data: sent });
    expect(status).toBe(200);
    const [first, second] = body['scaled_data'] as number[][];
    expect(first![0]).toBeCloseTo(0, 12);
    expect(first![1]).toBeCloseTo(1, 12);
    expect(second![0]).toBeCloseTo(2, 12);
    expect([first![2], second!.slice(1)]).toEqual([5, [null, 7.5]]);
    expect(body['features']).toEqual(['HUFL', 'MUFL', 'feature_2']);
    expect(body['scaling_info']).toEqual({
      feature_0: {
        name: 'HUFL',
        scaled: true,
        original_range: [sent[0]![0], sent[1]![0]],
        scaled_range: [first![0], second![0]],
        feature_range: [0, 1],
      },
      feature_1: {
        name: 'MUFL',
        scaled: true,
        original_range: [m.data_max, m.data_max],
        scaled_range: [first![1], first![1]],
        feature_range: [0, 1],
      },
      feature_2: { name: 'feature_2', scaled: false, reason: 'scaler_not_found' },
    });
    expect(body['metadata']).toEqual({
      original_shape: [2, 3],
      scaled_shape: [2, 3],
      features_scaled: 2,
      total_features: 3,
      saved_file_path: null,
      saved_file_url: null,
    });
  });

  it('matches columns by name, and refuses names it does not know', async () => {
    const { input } = await scalersOf();
    const byName = await scale({ input_data: { MUFL: [1, 2], HUFL: [3, 4] } });
    expect(byName.body['features']).toEqual(['HUFL', 'MUFL']);
    const wanted = [3, 4].map((x) => x * input['0']!.scale + input['0']!.min);
    expect((byName.body['scaled_data'] as number[][]).map(([x]) => x)).toEqual(wanted);
    expect((await scale({ input_data: { MUFL: [1, 2], HUFL: [3, 4] } })).body).toEqual(byName.body);
    repeats('POST /scale-data/{session_id}');
    expect(await scale({ input_data: { HUFL: [1], Regen: [2] } })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', error: 'Unknown feature: Regen', field: 'input_data.Regen' },
    });
  });

  it.each<[unknown, RegExp]>([
    [undefined, /^No data provided$/],
    [{}, /^No data provided$/],
    [{ save_scaled: true }, /^input_data field is required$/],
    [{ input_data: [1, 2] }, /two-dimensional/],
    [{ input_data: [[1], [1, 2]] }, /ragged/],
    [{ input_data: [['warm']] }, /numeric/],
    [{ input_data: [[1]], save_scaled: 'perhaps' }, /save_scaled/],
  ])('refuses %j', async (body, message) => {
    expect(await scale(body)).toMatchObject({
      status: 400,
      body: { success: false, code: 'BAD_REQUEST', error: expect.stringMatching(message) },
    });
  });

  it('keeps the result as CSV where that is wanted', async () => {
    const { body } = await scale({
      input_data: [
        [1, null],
        [2, 3],
      ],
      save_scaled: 'true',
    });
    const { saved_file_path: name, saved_file_url: url } = body['metadata'] as Record<string, string>;
    expect(name).toMatch(/^scaled_input_data_\d{8}_\d{6}_[0-9a-f]+\.csv$/);
    const stored = await fetch(url!);
    expect(stored.status).toBe(200);
    const [[a, b], [c, d]] = body['scaled_data'] as [number[], number[]];
    expect(await stored.text()).toBe(`HUFL,MUFL\n${a},${b ?? ''}\n${c},${d}\n`);
  });

  it('takes 20 MiB of JSON, more than other routes', async () => {
    const rows = Array.from({ length: 260_000 }, (_, i) => [i / 7, i / 11]);
    const text = JSON.stringify({ input_data: rows });
    expect(text.length).toBeGreaterThan(5 * 1024 ** 2);
    const answer = await scale({ input_data: rows });
    expect([answer.status, (answer.body['scaled_data'] as unknown[]).length]).toEqual([200, rows.length]);
    const tooMuch = await scale({ input_data: [[1]], padding: 'x'.repeat(20 * 1024 ** 2) });
    expect([tooMuch.status, tooMuch.body['code']]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  }, 60_000);
});
