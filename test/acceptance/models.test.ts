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

describe('saving models', () => {
  const save = (session: string): Promise<Answer> => api(user.token).post(`/save-model/${session}`);

  it('needs a completed training', async () => {
    const { status, body } = await save(fresh);
    expect([status, body['code'], body['message']]).toEqual([404, 'RESULTS_NOT_FOUND', body['error']]);
    expect(body['error']).toContain('Train a model first');
  });

  it('verifies the files of the newest run, as often as it is asked, and names them as the download does', async () => {
    const first = await save(trained);
    expect(first).toMatchObject({
      status: 200,
      body: { success: true, message: 'Successfully saved 1 model(s) to storage', total_uploaded: 1, session_id: trained },
    });
    const [model] = first.body['models'] as Body[];
    expect(Object.keys(model ?? {}).sort()).toEqual(
      ['dataset_name', 'file_format', 'filename', 'model_type', 'path_in_results', 'size_mb', 'storage_path'].sort(),
    );
    expect(model).toMatchObject({ model_type: 'LIN', file_format: 'json' });
    const download = await api(user.token).get(`/download-model-h5/${trained}?filename=${encodeURIComponent(String(model?.['filename']))}`);
    expect([download.status, download.bytes.length / 1024 ** 2]).toEqual([200, expect.closeTo(Number(model?.['size_mb']), 6)]);
    expect((await save(trained)).body).toEqual(first.body);
    repeats('POST /save-model/{session_id}');
    expect((await api(user.token).get(`/list-models-database/${trained}`)).body['data']).toMatchObject({ count: 1 });
  });
});

describe('model files', () => {
  it('are not sent again to whoever has them', async () => {
    const first = await api(user.token).raw('GET', `/download-model-h5/${trained}`);
    const etag = String(first.headers.get('etag'));
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect(first.headers.get('content-disposition')).toMatch(/^attachment; filename="?lin_.*\.json"?/);
    const same = await api(user.token).raw('GET', `/download-model-h5/${trained}`, { headers: { 'if-none-match': etag } });
    expect([same.status, same.bytes.length]).toEqual([304, 0]);
    const size = first.bytes.length;
    const tail = await api(user.token).raw('GET', `/download-model-h5/${trained}`, { headers: { range: 'bytes=-5', 'if-range': etag } });
    expect([tail.status, tail.headers.get('content-range'), tail.bytes.equals(first.bytes.subarray(-5))]).toEqual([
      206,
      `bytes ${size - 5}-${size - 1}/${size}`,
      true,
    ]);
    const changed = await api(user.token).raw('GET', `/download-model-h5/${trained}`, {
      headers: { range: 'bytes=-5', 'if-range': '"other"' },
    });
    expect([changed.status, changed.bytes.length]).toEqual([200, size]);
    const beyond = await api(user.token).raw('GET', `/download-model-h5/${trained}`, { headers: { range: `bytes=${size}-` } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
    const head = await api(user.token).raw('HEAD', `/download-model-h5/${trained}`);
    expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, String(size), 0]);
  });
});
