/** Bytes that wait for their form's metadata in a temporary file: whatever ends the request, and when, the file does not outlive it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createChunkBytes } from '../../../src/api/uploads/chunkBytes';
import type { ChunkBytes } from '../../../src/api/uploads/chunkBytes';
import { receiveBytes } from '../../../src/api/uploads/incoming';
import { createLogger } from '../../../src/log';
import type { Store } from '../../../src/store';

const BROKEN_REQUESTS = 300;

const folder = mkdtempSync(path.join(tmpdir(), 'spooling-'));
afterAll(() => rmSync(folder, { recursive: true }));

const left = async (): Promise<string[]> => {
  await sleep(200); // a file that is opened after its removal appears within milliseconds
  return readdirSync(folder);
};

// spooling asks nothing of the store
const bytes: ChunkBytes = createChunkBytes({} as Store, createLogger('test', 'silent'), { bucket: 'chunks', workDir: folder });
const noLimit = (): number => Infinity;
const broken = new Error('the client went away');

describe('a chunk that is spooled', () => {
  it('leaves no file when its request breaks off at whatever moment', async () => {
    const ends = await Promise.allSettled(
      Array.from({ length: BROKEN_REQUESTS }, async (_, k) => {
        const source = Readable.from([Buffer.from('first'), Buffer.from('second')]);
        source.on('error', () => undefined);
        if (k % 3 === 0) source.destroy(broken);
        if (k % 3 === 1) setImmediate(() => source.destroy(broken));
        if (k % 3 === 2) setTimeout(() => source.destroy(broken), k / 50);
        await (await bytes.spool(source, noLimit)).remove();
      }),
    );
    expect(ends.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(BROKEN_REQUESTS / 3);
    expect(await left()).toEqual([]);
  });

  it('leaves no file when it is too large', async () => {
    await expect(bytes.spool(Readable.from([Buffer.alloc(10)]), () => 9)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
    expect(await left()).toEqual([]);
  });

  it('leaves no file when the request fails before its sender was found to have a plan', async () => {
    let permit = (): void => undefined;
    const permitted = new Promise<void>((resolve) => (permit = resolve));
    const received = receiveBytes(bytes, 'user', noLimit, (incoming) => {
      incoming.spool(Readable.from([Buffer.from('x')]), permitted).catch(() => undefined);
      setTimeout(permit, 50);
      return Promise.reject(broken);
    });
    await expect(received).rejects.toBe(broken);
    expect(await left()).toEqual([]);
  });

  it('is not written when its sender has no plan', async () => {
    const received = receiveBytes(bytes, 'user', noLimit, async (incoming) => {
      await incoming.spool(Readable.from([Buffer.from('x')]), Promise.reject(broken));
    });
    await expect(received).rejects.toBe(broken);
    expect(await left()).toEqual([]);
  });
});
