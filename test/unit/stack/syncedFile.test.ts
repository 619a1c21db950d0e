import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { writeSynced } from '../../../src/stack/supabase/storage/syncedFile';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lastgang-synced-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function* blocksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let k = 0; at < bytes.length; k += 1) {
    const size = sizes[k % sizes.length] ?? 1;
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe('a file written to disk as it arrives', () => {
  it('holds the bytes that came, however they were cut', async () => {
    const bytes = randomBytes(9_000_000); // several syncs on the way
    const cuts = fc.array(fc.integer({ min: 20_000, max: 3_000_000 }), { minLength: 1, maxLength: 6 });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(cuts, async (sizes) => {
        const file = path.join(folder, String(count++));
        expect(await writeSynced(file, blocksOf(bytes, sizes))).toBe(bytes.length);
        expect((await readFile(file)).equals(bytes)).toBe(true);
        await rm(file);
      }),
      { numRuns: 25 },
    );
  });

  it('may be empty', async () => {
    expect(await writeSynced(path.join(folder, 'empty'), blocksOf(Buffer.alloc(0), [1]))).toBe(0);
    expect(await readdir(folder)).toEqual(['empty']);
  });

  it('is gone when its content breaks off, and never takes the place of another', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield* blocksOf(randomBytes(5_000_000), [100_000]);
      throw new Error('the sender has gone');
    }
    await expect(writeSynced(path.join(folder, 'broken'), broken())).rejects.toThrow('the sender has gone');
    expect(await readdir(folder)).toEqual([]);
    await writeSynced(path.join(folder, 'whole'), blocksOf(Buffer.from('first'), [2]));
    await expect(writeSynced(path.join(folder, 'whole'), blocksOf(Buffer.from('other'), [2]))).rejects.toThrow(/EEXIST/);
    expect(await readFile(path.join(folder, 'whole'), 'utf8')).toBe('first');
  });
});
