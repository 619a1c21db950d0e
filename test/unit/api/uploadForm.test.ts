/** The form of upload-chunk over a real connection: parts in any order, limits while reading, broken requests. */
import { createServer, request as httpRequest } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { CHUNK_FORM, readAnnouncement } from '../../../src/api/uploads/announcement';
import { readFileForm } from '../../../src/api/uploads/form';
import type { FileForm, FormFields } from '../../../src/api/uploads/form';

const MAX_BYTES = 3 * 1024 ** 2;
const META = JSON.stringify({ sessionId: 'session_1_a', fileName: 'a.csv', chunkIndex: 0, totalChunks: 1 });

interface Seen {
  text: string;
  /** fields known when the bytes began */
  before: string[];
}

let server: Server;
type TextPart = NonNullable<ReturnType<typeof CHUNK_FORM.field>>;
type Form = FileForm<Seen, TextPart>;

let outcome: Promise<Form>;
let refuse: Error | null = null;

async function take(stream: Readable, fields: Readonly<FormFields<TextPart>>): Promise<Seen> {
  if (refuse) throw refuse;
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return { text: Buffer.concat(parts).toString(), before: Object.keys(fields) };
}

beforeAll(async () => {
  server = createServer((request, response) => {
    outcome = readFileForm(request, CHUNK_FORM, MAX_BYTES, take);
    outcome.then(
      () => response.end('taken'),
      () => {
        request.resume();
        response.writeHead(400).end('refused');
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  refuse = null;
});

const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function post(parts: [name: string, value: string | Blob, filename?: string][]): Promise<Form> {
  const form = new FormData();
  for (const [name, value, filename] of parts) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, filename);
  }
  await fetch(address(), { method: 'POST', body: form });
  return outcome;
}

const bytes = (text: string): Blob => new Blob([text]);
const refusal = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('the form', () => {
  it('gives the bytes what came before them', async () => {
    const { fields, file } = await post([
      ['metadata', META],
      ['chunk', bytes('abc'), 'blob'],
      ['chunkHash', 'f'],
    ]);
    expect(file).toEqual({ value: { text: 'abc', before: ['metadata'] }, name: 'blob' });
    expect(Object.keys(fields).sort()).toEqual(['chunkHash', 'metadata']);
  });

  it('may begin with the bytes', async () => {
    const { fields, file } = await post([
      ['chunk', bytes('abc'), 'blob'],
      ['metadata', META],
    ]);
    expect(file?.value).toEqual({ text: 'abc', before: [] });
    expect(fields.metadata).toBe(META);
  });

  it('may carry its JSON as a file part, and anything else', async () => {
    const { fields, file } = await post([
      ['metadata', new Blob([META], { type: 'application/json' }), 'blob'],
      ['other', 'x'],
      ['file', bytes('y'), 'z'],
      ['chunk', bytes('abc'), 'c'],
    ]);
    expect([fields, file?.value.text]).toEqual([{ metadata: META }, 'abc']);
  });

  it('without a file part has no chunk', async () => {
    expect((await post([['metadata', META]])).file).toBeNull();
  });

  it('is cut off at the limit of the request', async () => {
    await expect(post([['chunk', bytes('x'.repeat(MAX_BYTES)), 'c']])).rejects.toThrow(refusal('PAYLOAD_TOO_LARGE'));
  });

  it('is refused for a field beyond 1 MiB, and for more than 64 fields', async () => {
    await expect(post([['metadata', 'x'.repeat(1024 ** 2 + 1)]])).rejects.toThrow(refusal('PAYLOAD_TOO_LARGE'));
    await expect(post(Array.from({ length: 65 }, (_, i) => [`f${i}`, 'x']))).rejects.toThrow(refusal('PAYLOAD_TOO_LARGE'));
  });

  it('ends at once with what the taker of the bytes throws', async () => {
    refuse = new Error('no such session');
    await expect(
      post([
        ['metadata', META],
        ['chunk', bytes('x'.repeat(500_000)), 'c'],
      ]),
    ).rejects.toThrow('no such session');
  });

  it('that is broken off rejects, and so does the reading of its bytes', async () => {
    const before = outcome;
    const request = httpRequest(address(), {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': '100000' },
    });
    request.on('error', () => undefined);
    request.write('--b\r\nContent-Disposition: form-data; name="chunk"; filename="c"\r\n\r\nhalf of it');
    while (outcome === before) await new Promise((resolve) => setTimeout(resolve, 10));
    const taken = outcome;
    request.destroy();
    await expect(taken).rejects.toThrow(refusal('BAD_REQUEST'));
  });

  it('that ends in the middle of a part is refused', async () => {
    const body = '--b\r\nContent-Disposition: form-data; name="chunk"; filename="c"\r\n\r\nhalf of it';
    await fetch(address(), { method: 'POST', body, headers: { 'content-type': 'multipart/form-data; boundary=b' } });
    await expect(outcome).rejects.toThrow(refusal('BAD_REQUEST'));
  });

  it('needs a boundary', async () => {
    await fetch(address(), { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } });
    await expect(outcome).rejects.toThrow(refusal('UNSUPPORTED_MEDIA_TYPE'));
  });
});

describe('its text parts', () => {
  const hash = 'A'.repeat(64);
  const read = (metadata: object, fields: FormFields<TextPart> = {}) => readAnnouncement({ metadata: JSON.stringify(metadata), ...fields });
  const base = { sessionId: 'session_1_a', fileName: 'a.csv', chunkIndex: '0', totalChunks: '2' };

  it('say what is sent', () => {
    expect(read({ ...base, fileType: 'output', bezeichnung: 'Last' }, { chunkHash: hash, fileSize: '13430' })).toMatchObject({
      fileName: 'a.csv',
      index: 0,
      total: 2,
      fileType: 'output',
      bezeichnung: 'Last',
      chunkHash: 'a'.repeat(64),
      fileHash: null,
      fileSize: 13430,
    });
  });

  it('take type and label from the file settings where metadata has none, and hash and size from wherever they stand', () => {
    const additionalData = JSON.stringify({
      fileHash: hash,
      totalSize: 99,
      sessionInfo: { totalFiles: 2 },
      fileMetadata: { id: '1756815731190', fileName: '../ignored', type: 'output', bezeichnung: 'B', skalierung: 'nein', utcMin: '' },
    });
    expect(read({ ...base, fileType: 'unknown', bezeichnung: '' }, { additionalData })).toMatchObject({
      fileType: 'output',
      bezeichnung: 'B',
      fileHash: 'a'.repeat(64),
      fileSize: 99,
      totalFiles: 2,
      fileMetadata: { skalierung: 'nein' },
    });
  });

  it('leave open what nobody said', () => {
    expect(read(base)).toMatchObject({
      fileType: null,
      bezeichnung: null,
      chunkHash: null,
      fileHash: null,
      fileSize: null,
      timeInfo: null,
      totalFiles: null,
    });
  });

  it.each<[string, object, string, string]>([
    ['the chunk index first', {}, 'BAD_REQUEST', 'Missing required metadata field: chunkIndex'],
    ['then the number of chunks', { chunkIndex: 0 }, 'BAD_REQUEST', 'Missing required metadata field: totalChunks'],
    ['then the file name', { chunkIndex: 0, totalChunks: 1 }, 'BAD_REQUEST', 'Missing required metadata field: fileName'],
    ['then the session', { chunkIndex: 0, totalChunks: 1, fileName: 'a' }, 'BAD_REQUEST', 'Missing required metadata field: sessionId'],
    ['an index beyond the number', { ...base, chunkIndex: 2 }, 'BAD_REQUEST', 'chunkIndex'],
    ['a fraction', { ...base, chunkIndex: 0.5 }, 'BAD_REQUEST', 'chunkIndex'],
    ['too many chunks', { ...base, totalChunks: 10_001 }, 'BAD_REQUEST', 'totalChunks'],
    ['a path', { ...base, fileName: '../a.csv' }, 'INVALID_FILE_NAME', 'file name'],
    ['an unknown role', { ...base, fileType: 'sideways' }, 'INVALID_FILE_METADATA', 'fileType'],
    ['a hash that is none', { ...base, fileHash: 'abc' }, 'BAD_REQUEST', 'fileHash'],
    ['an unknown form of id', { ...base, sessionId: 'x' }, 'BAD_UUID', 'session id'],
  ])('are asked for: %s', (_case, metadata, code, sentence) => {
    expect(() => read(metadata)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(sentence) as string }) as Error);
  });

  it('must be JSON, and the answer says which part is not', () => {
    expect(() => readAnnouncement({ metadata: '{' })).toThrow(
      expect.objectContaining({ code: 'MALFORMED_JSON', options: expect.objectContaining({ field: 'metadata' }) as object }) as Error,
    );
    expect(() => read(base, { additionalData: '{' })).toThrow(refusal('MALFORMED_JSON'));
    expect(() => readAnnouncement({})).toThrow('No metadata provided');
  });
});
