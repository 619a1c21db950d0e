import { api, serviceClient, signUpUser } from '../support';
import { itWith } from '../support/offers';
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
    expect((await api(user.token).get(`/list-models-database/${trained}`)).body['data']).toMatchObject({ count: 1 });
  });

  itWith('service role')(
    'says which file is damaged or missing',
    async () => {
      const session = await trainedSession(user);
      const [model] = (await save(session)).body['models'] as Body[];
      const bucket = serviceClient().storage.from('models');
      const path = String(model?.['storage_path']);
      const failure = (error: string) => ({ filename: model?.['filename'] as string, error });
      await bucket.update(path, Buffer.from('{}'), { contentType: 'application/json', upsert: true });
      expect(await save(session)).toMatchObject({
        status: 500,
        body: { code: 'MODEL_SAVE_ERROR', failed_models: [failure('The file is damaged')] },
      });
      await bucket.remove([path]);
      const gone = await save(session);
      expect(gone).toMatchObject({ status: 500, body: { code: 'MODEL_SAVE_ERROR', failed_models: [failure('The file is missing')] } });
      expect(gone.body['message']).toBe(gone.body['error']);
      // a run whose models are no longer on record
      await serviceClient().from('saved_models').delete().eq('filename', String(model?.['filename']));
      expect(await save(session)).toMatchObject({ status: 404, body: { code: 'MODEL_NOT_FOUND' } });
    },
    120_000,
  );
});
