import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, readdir, rm, utimes } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { checkpointEpoch, csvObject, isIntermediate, resultDocument, stamp } from '../../../src/activities/objectNames';
import { fetchVerified } from '../../../src/activities/transfer';
import { createWorkFolders } from '../../../src/workFolders';
import { createLogger } from '../../../src/log';
import { StoreUnavailable } from '../../../src/store';

const log = createLogger('test', 'silent');
const never = new AbortController().signal;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lastgang-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

const holding = (objects: Record<string, Buffer>) => ({
  get: (_: string, name: string) => Promise.resolve(Readable.from([objects[name] ?? Buffer.alloc(0)])),
});
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('fetching a file', () => {
  it('refuses other bytes than those the row names, as something that may pass', async () => {
    const bytes = Buffer.from('UTC;x\n');
    const file = { bucket: 'b', objectPath: 'o', sha256: sha256(bytes) };
    await fetchVerified(holding({ o: bytes }), file, path.join(folder, 'a'), never);
    await expect(fetchVerified(holding({ o: Buffer.from('UTC;y\n') }), file, path.join(folder, 'b'), never)).rejects.toThrow(
      StoreUnavailable,
    );
  });
});

describe('work folders', () => {
  it('are gone after the work, whatever became of it', async () => {
    const folders = createWorkFolders(folder, log);
    await expect(folders.within('test', () => Promise.reject(new Error('bad luck')))).rejects.toThrow('bad luck');
    expect(await folders.within('test', () => Promise.resolve('done'))).toBe('done');
    expect(await readdir(folder)).toEqual([]);
  });

  it('of dead workers are swept, those of living ones and foreign folders stay', async () => {
    const host = hostname().replaceAll('.', '-');
    const dead = `${host}.999999999.training-x`;
    const alive = `${host}.${process.pid}.training-y`;
    const [oldElsewhere, youngElsewhere] = ['elsewhere.1.training-z', 'elsewhere.2.training-z'];
    for (const name of [dead, alive, oldElsewhere, youngElsewhere, 'somebody-elses']) await mkdir(path.join(folder, name));
    const dayAgo = new Date(Date.now() - 25 * 3600_000);
    await utimes(path.join(folder, oldElsewhere), dayAgo, dayAgo);
    expect(await createWorkFolders(folder, log).sweep()).toBe(2);
    expect((await readdir(folder)).sort()).toEqual([alive, 'somebody-elses', youngElsewhere].sort());
  });
});

describe('object names', () => {
  const run = {
    runId: 'r',
    job: 'training',
    sessionId: 's',
    sessionRef: 's',
    userId: 'u',
    startedAt: '2024-03-05T07:08:09.123Z',
    modelName: 'LIN',
  } as const;

  it('derive their stamp from the start of the run, in UTC', () => {
    expect(stamp('2024-03-05T07:08:09.123+02:00')).toBe('20240305_050809');
    expect(resultDocument(run)).toBe('u/s/r/training_results_20240305_070809.json.gz');
    expect(csvObject(run, 'f', 'abc')).toBe('u/s/f/abc.csv');
  });

  it('tell checkpoints and other intermediate objects from results', () => {
    expect(checkpointEpoch('u/s/r/checkpoint_17')).toBe(17);
    expect(checkpointEpoch('u/s/r/checkpoint_17.h5')).toBeNull();
    const objects = ['u/s/r/checkpoint_3', 'u/s/r/forecast.bin', 'u/s/r/training_report.json', 'u/s/r/test_data.npz', resultDocument(run)];
    expect(objects.filter(isIntermediate)).toEqual(objects.slice(0, 3));
  });
});
