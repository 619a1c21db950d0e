import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { api, signUpUser } from '../support';
import { openSession, trainedSession } from './scenario';
import type { User } from './scenario';

let user: User;
let session: string;
let untrained: string;
beforeAll(async () => {
  user = await signUpUser();
  [session, untrained] = await Promise.all([trainedSession(user), openSession(user)]);
}, 120_000);

const download = (path: string, headers: Record<string, string> = {}) => api(user.token).raw('GET', path, { headers });

describe('arrays of the dataset', () => {
  it('are one file with inputs, outputs and reference times, in whole or in part', async () => {
    const whole = await download(`/download-arrays/${session}`);
    expect([whole.status, whole.headers.get('content-type'), whole.headers.get('content-disposition')]).toEqual([
      200,
      'application/octet-stream',
      'attachment; filename="training_arrays.npz"',
    ]);
    expect(Number(whole.headers.get('content-length'))).toBe(whole.bytes.length);
    const files = unzipSync(whole.bytes);
    const headerOf = (name: string) => Buffer.from(files[name]!.subarray(10, 128)).toString('latin1');
    expect(headerOf('i_array_3D.npy')).toContain("{'descr': '<f8', 'fortran_order': False, 'shape': (236, 13, 2), }");
    expect(headerOf('o_array_3D.npy')).toContain("'shape': (236, 13, 2)");
    expect(headerOf('utc_ref_log.npy')).toContain("'descr': '<M8[us]', 'fortran_order': False, 'shape': (236,)");

    const etag = whole.headers.get('etag')!;
    expect((await download(`/download-arrays/${session}`, { 'if-none-match': etag })).status).toBe(304);
    const part = await download(`/download-arrays/${session}`, { range: `bytes=${whole.bytes.length - 3000}-` });
    expect([part.status, part.bytes.equals(whole.bytes.subarray(-3000))]).toEqual([206, true]);
    const beyond = await download(`/download-arrays/${session}`, { range: `bytes=${whole.bytes.length}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${whole.bytes.length}`]);
    expect((await api(user.token).raw('HEAD', `/download-arrays/${session}`)).headers.get('content-length')).toBe(
      String(whole.bytes.length),
    );
    const again = await download(`/download-arrays/${session}`);
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(hash(again.bytes)).toBe(hash(whole.bytes));
  });

  it('do not exist before the dataset, and are no one else’s', async () => {
    expect(await download(`/download-arrays/${untrained}`)).toMatchObject({ status: 404, body: { code: 'RESULTS_NOT_FOUND' } });
    const stranger = await signUpUser();
    expect(await api(stranger.token).get(`/download-arrays/${session}`)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });
});
