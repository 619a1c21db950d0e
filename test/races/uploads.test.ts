import { createHash } from 'node:crypto';
import { chunkForm, hourlyCsv, openSession, sha256, unitsCharged } from '../acceptance/scenario';
import type { Body, Upload, User } from '../acceptance/scenario';
import { api, serviceClient, signUpUser, waitFor } from '../support';
import { atOnce, tally, usageOf } from './support';

const CHUNKS = 13;
const bytesOf = { input: hourlyCsv('in', 3000, (i) => i * 1.5), output: hourlyCsv('out', 2000, (i) => -i) };

/** A fixed shuffle: the order is the same in every run, but no order a client would choose. */
const shuffled = <T>(items: readonly T[], seed: string): T[] =>
  items
    .map((item, index) => ({ item, rank: createHash('sha256').update(`${seed}${index}`).digest('hex') }))
    .sort((a, b) => a.rank.localeCompare(b.rank))
    .map(({ item }) => item);

describe('two files of one name whose chunks arrive all at once', () => {
  let user: User;
  beforeAll(async () => {
    user = await signUpUser();
  });

  it.each(['a', 'b', 'c'])(
    'are both whole: order %s',
    async (seed) => {
      const sessionId = await openSession(user);
      const before = { charged: await unitsCharged(user), used: (await usageOf(user)).processing };
      const upload = (fileType: 'input' | 'output'): Upload => ({
        sessionId,
        fileName: 'measured.csv',
        bytes: bytesOf[fileType],
        fileType,
        bezeichnung: 'measured',
        chunks: CHUNKS,
        fileHash: sha256(bytesOf[fileType]),
      });
      const both = (['input', 'output'] as const).flatMap((type) => Array.from({ length: CHUNKS }, (_, index) => ({ type, index })));
      const sendings = shuffled([...both, ...shuffled(both, `${seed} again`).slice(0, 24)], seed);
      const answers = await atOnce(50, (i) => {
        const { type, index } = sendings[i]!;
        return api(user.token).form('/upload-chunk', chunkForm(upload(type), index));
      });
      expect(tally(answers)).toEqual({ 200: 50 });
      expect(answers.filter(({ body }) => body['duplicate'])).toHaveLength(24);

      const { body } = await api(user.token).get(`/csv-files/${sessionId}`);
      const rows = body['data'] as Body[];
      expect(rows.map(({ type, sha256: hash, valid }) => ({ type, hash, valid }))).toEqual([
        { type: 'input', hash: sha256(bytesOf.input), valid: true },
        { type: 'output', hash: sha256(bytesOf.output), valid: true },
      ]);
      for (const type of ['input', 'output'] as const) {
        const stored = await user.client
          .from('files')
          .select('storage_bucket, storage_path')
          .match({ session_id: rows[0]!['session_id'], type });
        const [{ storage_bucket: bucket, storage_path: path }] = stored.data as [{ storage_bucket: string; storage_path: string }];
        const object = await user.client.storage.from(bucket).download(path);
        expect(Buffer.from(await object.data!.arrayBuffer()).equals(bytesOf[type])).toBe(true);
      }
      expect((await unitsCharged(user)) - before.charged).toBe(2);
      expect((await usageOf(user)).processing - before.used).toBe(2);
      const folder = `${user.id}/${String(rows[0]!['session_id'])}`;
      await waitFor(async () => (await serviceClient().storage.from('upload-chunks').list(folder)).data?.length === 0);
    },
    60_000,
  );

  it('that contend for one index: one of the contents stays, the others are refused', async () => {
    const sessionId = await openSession(user);
    const contents = Array.from({ length: 20 }, (_, k) => hourlyCsv(`v${k}`, 50, (i) => i + k));
    const answers = await atOnce(20, (k) =>
      api(user.token).form('/upload-chunk', chunkForm({ sessionId, fileName: 'a.csv', bytes: contents[k]!, fileType: 'input' }, 0)),
    );
    expect(tally(answers)).toEqual({ 200: 1, '409 CHUNK_CONFLICT': 19 });
    const winner = answers.findIndex(({ status }) => status === 200);
    const { body } = await api(user.token).get(`/csv-files/${sessionId}`);
    expect((body['data'] as Body[]).map(({ sha256: hash }) => hash as string)).toEqual([sha256(contents[winner]!)]);
  });
});
