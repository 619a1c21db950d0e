import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { openSession } from '../../acceptance/scenario';
import type { User } from '../../acceptance/scenario';
import { api, serviceClient, signUpUser, target, waitFor } from '../../support';
import { fuzz, mustBeClear } from '../support';
import { mutations, requestOf, UNCHANGED } from './mutations';
import type { Mutation, Part } from './mutations';
import { rawRequest } from './rawRequest';

const CASES = 2000;
const GROWTH_KIB = 150 * 1024;
const stateDir = path.dirname(process.env['LASTGANG_ENDPOINTS'] ?? '.');

/** Resident memory of the API's process; null where the kernel does not tell. */
function residentKib(): number | null {
  const { api: running } = JSON.parse(readFileSync(path.join(stateDir, 'processes.json'), 'utf8')) as { api: { pid: number } };
  const file = `/proc/${running.pid}/status`;
  return existsSync(file) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) : null;
}

const temporaryFiles = (): string[] =>
  readdirSync(path.join(stateDir, 'work'), { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );

const route = fc.constantFrom('/upload-chunk', '/upload-chunk', '/upload-chunk', '/upload-chunk', '/csv-files');
const CSV = 'UTC;x\n2024-01-01 00:00:00;1\n2024-01-01 01:00:00;2\n';

describe('a multipart request whatever its bytes', () => {
  let user: User;
  let sessions: string[];
  beforeAll(async () => {
    user = await signUpUser();
    sessions = await Promise.all(Array.from({ length: 8 }, () => openSession(user)));
  });

  /** The parts of a valid request for a file of this number. */
  function partsOf(name: string, sessionId: string, number: number): Part[] {
    const fileName = `${number}.csv`;
    if (name === '/csv-files')
      return [
        { name: 'sessionId', fileName: null, content: sessionId },
        { name: 'fileName', fileName: null, content: fileName },
        { name: 'type', fileName: null, content: 'input' },
        { name: 'file', fileName, content: CSV },
      ];
    // every fourth chunk is the whole file, the others wait for a second one that never comes
    const metadata = { sessionId, fileName, chunkIndex: 0, totalChunks: number % 4 === 0 ? 1 : 2, fileType: 'input' };
    return [
      { name: 'metadata', fileName: null, content: JSON.stringify(metadata) },
      { name: 'additionalData', fileName: null, content: JSON.stringify({ fileMetadata: { skalierung: 'ja' } }) },
      { name: 'fileSize', fileName: null, content: String(CSV.length) },
      { name: 'chunk', fileName, content: CSV },
    ];
  }

  it(`is taken or refused clearly, and leaves nothing behind: ${CASES} mutated requests`, async () => {
    const { host } = new URL(target().api);
    const tally: Record<string, number> = {};
    let number = 0;
    const before = residentKib();
    await fuzz(
      fc.record({ name: route, change: mutations(4) }),
      CASES,
      async ({ name, change }: { name: string; change: Mutation }, lane) => {
        const parts = partsOf(name, sessions[lane]!, number++);
        const answer = await rawRequest(requestOf(`/api/training${name}`, host, user.token, parts, change), (change.length ?? 0) > 0);
        const kind = answer ? String(answer.status) : 'closed';
        tally[kind] = (tally[kind] ?? 0) + 1;
        if (answer) mustBeClear(answer);
        // only a request whose announced length never came may end without an answer: to the server its client has gone
        else expect(change.length).toBeGreaterThan(0);
      },
    );
    expect(tally['200']).toBeGreaterThan(CASES / 20);
    expect(tally['400']).toBeGreaterThan(CASES / 20);

    expect((await api().get('/ready')).status).toBe(200);
    await waitFor(() => temporaryFiles().length === 0).catch(() => undefined);
    expect(temporaryFiles()).toEqual([]);
    await waitFor(async () => (await chunkObjects()) === (await chunkRows()), 30_000);
    const after = residentKib();
    if (before !== null && after !== null) expect(after - before).toBeLessThan(GROWTH_KIB);
  }, 300_000);

  it.each(['/upload-chunk', '/csv-files'])('%s passes over parts without a name, with and without a file', async (name) => {
    const { host } = new URL(target().api);
    for (const head of ['Content-Disposition: form-data', 'Content-Disposition: form-data; filename="x.csv"']) {
      const parts = [{ name: '', fileName: null, content: 'nobody asks for it' }, ...partsOf(name, sessions[0]!, 1_000_000 + head.length)];
      const change: Mutation = { ...UNCHANGED, order: parts.map((_, index) => index), head: { part: 0, write: () => head } };
      const answer = await rawRequest(requestOf(`/api/training${name}`, host, user.token, parts, change), false);
      expect(answer).toMatchObject({ status: 200, body: { success: true } });
    }
  });

  const uuidOf = async (sessionId: string): Promise<string> =>
    (await api(user.token).get(`/get-session-uuid/${sessionId}`)).body['sessionUuid'] as string;

  async function chunkObjects(): Promise<number> {
    const { storage } = serviceClient();
    const folders = await Promise.all(
      sessions.map(async (id) => storage.from('upload-chunks').list(`${user.id}/${await uuidOf(id)}`, { limit: 1000 })),
    );
    return folders.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  }

  async function chunkRows(): Promise<number> {
    const { count } = await user.client.from('upload_chunks').select('*', { count: 'exact', head: true }).not('object_path', 'is', null);
    return count ?? -1;
  }
});
