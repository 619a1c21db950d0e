import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createComputePool } from '../../../src/activities/compute';
import { measure, readChunks } from '../../../src/activities/uploads/readChunks';
import { storeContent } from '../../../src/activities/uploads/storeContent';
import { storeOnce } from '../../../src/activities/uploads/storeOnce';
import { StoreError, StoreUnavailable } from '../../../src/store';

const never = new AbortController().signal;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A CSV file of some megabytes, so that it takes several blocks on its way to the thread. */
const rows = 200_000;
const csv = Buffer.from(
  'UTC;load\n' +
    Array.from({ length: rows }, (_, i) => `${new Date(Date.UTC(2024, 0, 1) + i * 60_000).toISOString().slice(0, 19)};${i % 97}.5\n`).join(
      '',
    ),
);
const pieces = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

const holding = (chunks: Buffer[]) => ({
  get: (_: string, name: string) => Promise.resolve(Readable.from([chunks[Number(name)] ?? Buffer.alloc(0)])),
});
const namesOf = (chunks: Buffer[]): string[] => chunks.map((_, i) => String(i));

describe('reading chunks', () => {
  it('gives the bytes of the source, in order', async () => {
    const chunks = pieces(csv, 50_001);
    const found = await measure(readChunks(holding(chunks), 'chunks', namesOf(chunks), never));
    expect(found).toEqual({ sha256: sha256(csv), size: csv.length });
  });

  it('asks for the next object while one is read, and for no more', async () => {
    const asked: string[] = [];
    const objects = {
      get: (_: string, name: string) => {
        asked.push(name);
        return Promise.resolve(Readable.from([Buffer.from(name)]));
      },
    };
    const blocks = readChunks(objects, 'chunks', ['0', '1', '2', '3'], never);
    await blocks.next();
    expect(asked).toEqual(['0', '1']);
    await blocks.return(undefined);
    expect(asked).toEqual(['0', '1']);
  });

  it('ends when the assembly is cancelled, also while nothing arrives', async () => {
    const silent = { get: () => Promise.resolve(new Readable({ read: () => undefined })) };
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 50);
    await expect(measure(readChunks(silent, 'chunks', ['a'], cancel.signal))).rejects.toThrow(/abort/i);
  });
});

describe('content that is stored while it is parsed', () => {
  const pool = createComputePool(1);
  afterAll(() => pool.close());
  const startParse = () => pool.parseStream({ fileName: 'load.csv', label: 'load', size: csv.length });
  const chunks = pieces(csv, 700_000);
  const blocks = () => readChunks(holding(chunks), 'chunks', namesOf(chunks), never);

  it('reaches storage byte for byte, and is parsed as a whole', async () => {
    let stored = Buffer.alloc(0);
    const put = async (body: Readable): Promise<void> => {
      stored = await buffer(body);
    };
    const passing = { blocks: blocks(), size: csv.length, parse: await startParse(), put, isWanted: () => true };
    const { measured, parsed } = await storeContent(passing, never);
    expect(measured).toEqual({ sha256: sha256(csv), size: csv.length });
    expect(stored.equals(csv)).toBe(true);
    expect(parsed).toMatchObject({ ok: true, rowCount: rows, columns: ['UTC', 'load'], statistics: { min: 0.5, max: 96.5 } });
  });

  it.each([
    ['that differs from what was announced', csv.length],
    ['of another size than on record', csv.length + 1],
  ])('%s never arrives as a whole', async (_, size) => {
    let arrived = 0;
    const put = async (body: Readable): Promise<void> => {
      for await (const block of body) arrived += (block as Buffer).length;
    };
    const parse = await startParse();
    const stored = storeContent({ blocks: blocks(), size, parse, put, isWanted: () => false }, never);
    if (size === csv.length) expect(await stored).toMatchObject({ measured: { sha256: sha256(csv), size }, stored: false });
    else await expect(stored).rejects.toThrow(StoreUnavailable);
    parse.abandon();
    expect(arrived).toBeGreaterThan(0);
    expect(arrived).toBeLessThan(csv.length);
  });

  it('tells of chunks that cannot be read, not of the transfer that ends for it', async () => {
    const lost = new StoreUnavailable('storage', 'chunk 1');
    const objects = { get: (_: string, name: string) => (name === '1' ? Promise.reject(lost) : holding(chunks).get('', name)) };
    const put = (body: Readable): Promise<void> =>
      buffer(body).then(
        () => undefined,
        () => Promise.reject(new StoreUnavailable('storage', 'no answer')),
      );
    const parse = await startParse();
    const broken = readChunks(objects, 'chunks', namesOf(chunks), never);
    await expect(storeContent({ blocks: broken, size: csv.length, parse, put, isWanted: () => true }, never)).rejects.toBe(lost);
    parse.abandon();
  });

  it('stops being read when storage refuses it', async () => {
    const refused = new StoreUnavailable('storage', 'status 503');
    const put = (body: Readable): Promise<void> => {
      body.once('data', () => body.destroy());
      return Promise.reject(refused);
    };
    const parse = await startParse();
    await expect(storeContent({ blocks: blocks(), size: csv.length, parse, put, isWanted: () => true }, never)).rejects.toBe(refused);
    parse.abandon();
  });

  it('is abandoned without holding a thread, fails when its thread ends, and leaves the threads for computing alone', async () => {
    for (let k = 0; k < 10; k += 1) {
      // more than there are threads for streams: each must have given its own free
      const abandoned = await startParse();
      await abandoned.push(csv.subarray(0, 10));
      abandoned.abandon();
    }
    const cancel = new AbortController();
    const file = { fileName: 'load.csv', label: 'load', size: csv.length };
    const held = await Promise.all(Array.from({ length: 4 }, () => pool.parseStream(file, cancel.signal)));
    const missing = pool.run('parseSeries', { csv: '/no/such/file', fileName: 'a.csv', label: 'a', seriesFile: '/no/such/target' });
    await expect(missing).rejects.toThrow(/ENOENT/); // was computed, although every stream waits
    cancel.abort();
    await expect(
      (async () => {
        for (;;) await held[0]?.push(csv);
      })(),
    ).rejects.toThrow(/abort/i);
  });
});

describe('an object that is written once', () => {
  const target = { bucket: 'csv', path: 'u/s/f/hash.csv', contentType: 'text/csv', size: csv.length };
  const body = () => Readable.from(pieces(csv, 100_000), { objectMode: false });

  it('is sent with its size', async () => {
    const put = jest.fn(async (_bucket: string, _path: string, sent: Readable | Uint8Array) => {
      expect((await buffer(sent as Readable)).equals(csv)).toBe(true);
    });
    await storeOnce({ exists: () => Promise.resolve(false), put }, target)(body());
    expect(put).toHaveBeenCalledWith('csv', 'u/s/f/hash.csv', expect.anything(), 'text/csv', { size: csv.length });
  });

  it('is left alone where it is already, its body read all the same', async () => {
    const put = jest.fn(() => Promise.resolve());
    const sent = body();
    await storeOnce({ exists: () => Promise.resolve(true), put }, target)(sent);
    expect([put.mock.calls.length, sent.readableEnded]).toEqual([0, true]);
    const broken = Readable.from(
      (function* () {
        yield csv;
        throw new Error('other bytes');
      })(),
    );
    await expect(storeOnce({ exists: () => Promise.resolve(true), put }, target)(broken)).rejects.toThrow('other bytes');
  });

  it('that another attempt stores at the same moment is tried again; other refusals stay what they are', async () => {
    const refusing = (status: number) => ({
      exists: () => Promise.resolve(false),
      put: () => Promise.reject(new StoreError('x', status, 'no')),
    });
    await expect(storeOnce(refusing(409), target)(body())).rejects.toThrow(StoreUnavailable);
    await expect(storeOnce(refusing(403), target)(body())).rejects.toThrow(StoreError);
  });
});
