/** What is asked about a chunk and when: the calls a chunk costs, and the order in which it is refused. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { StoreUnavailable } from '../../../src/store';
import type { ChunkAdmission, Store } from '../../../src/store';
import { startEdge } from './support';
import type { Edge } from './support';

const TOKEN = 'token';
const USER = '5f0c8a6e-3b1d-4a52-9b7e-0d2f4c6a8e10';
const SESSION = '7d8e9fa0-1b2c-4d3e-8f40-5a6b7c8d9e0f';
const MIB = 1024 ** 2;

const PLAN = { name: 'Small', slug: 'small', can_use_training: false, max_file_size_mb: 1 };
const ADMITTED: ChunkAdmission = {
  plan: PLAN,
  session: { owned: true, sessionId: SESSION, stringId: null },
  quota: { allowed: true, reason: null, currentUsage: 0, limit: 5, plan: 'Small' },
};
const EXHAUSTED: ChunkAdmission['quota'] = { allowed: false, reason: 'limit_reached', currentUsage: 5, limit: 5, plan: 'Small' };

const parent = mkdtempSync(path.join(tmpdir(), 'chunk-admission-'));
/** made with the first bytes that are spooled */
const spool = path.join(parent, 'work');

let edge: Edge;
let admission: ChunkAdmission;
let databaseIsAway: boolean;
let calls: string[];

/** A store that answers what the test says, and nothing it was not expected to be asked. */
function fakeStore(): Store {
  const told =
    <Args extends unknown[], T>(name: string, answer: (...args: Args) => T | Promise<T>) =>
    async (...args: Args): Promise<T> => {
      calls.push(name);
      if (databaseIsAway) throw new StoreUnavailable('database', 'away');
      return answer(...args);
    };
  const mine = {
    admitChunk: told('admitChunk', () => admission),
    plan: told('plan', () => admission.plan),
    uploads: told('uploads', () => []),
    files: told('files', () => []),
  };
  const stored = {
    outcome: 'stored',
    uploadId: SESSION,
    generation: 0,
    attempt: 0,
    received: 1,
    totalChunks: 2,
    missing: [1],
    complete: false,
    status: 'receiving',
    fileId: null,
  };
  return {
    forUser: () => mine,
    service: { registerChunk: told('registerChunk', () => stored), nextReceivingSeq: () => Promise.resolve(null) },
    objects: {
      put: told('put', (_bucket: string, _path: string, body: Readable) => buffer(body)),
      remove: told('remove', () => undefined),
    },
  } as unknown as Store;
}

beforeAll(async () => {
  edge = await startEdge({
    users: new Map([[TOKEN, USER]]),
    env: { WORK_DIR: spool, MAX_REQUEST_BYTES: '5000', RATE_LIMIT_UPLOAD: '1000' },
    store: fakeStore,
  });
});
afterAll(async () => {
  await edge.close();
  rmSync(parent, { recursive: true });
});
beforeEach(() => {
  [admission, databaseIsAway, calls] = [ADMITTED, false, []];
  rmSync(spool, { recursive: true, force: true });
});

async function send(body: FormData | string, type?: string): Promise<[status: number, code: unknown]> {
  const headers = { authorization: `Bearer ${TOKEN}`, ...(type === undefined ? {} : { 'content-type': type }) };
  const answer = await fetch(`${edge.address}/api/training/upload-chunk`, { method: 'POST', headers, body });
  return [answer.status, ((await answer.json()) as { code?: unknown }).code];
}

type Part = [name: string, value: string | Blob];
const form = (...parts: Part[]): FormData => {
  const made = new FormData();
  for (const [name, value] of parts) made.append(name, value);
  return made;
};
const metadata = (more: object = {}): Part => [
  'metadata',
  JSON.stringify({ sessionId: SESSION, fileName: 'a.csv', chunkIndex: 0, totalChunks: 2, ...more }),
];
const CHUNK: Part = ['chunk', new Blob(['UTC;a\n'])];

describe('a chunk', () => {
  it('costs one call before its bytes are stored, and one after', async () => {
    expect(await send(form(metadata(), CHUNK))).toEqual([200, undefined]);
    expect(calls).toEqual(['admitChunk', 'put', 'registerChunk']);
    expect(existsSync(spool)).toBe(false);
  });

  it('of a file that could outgrow the plan costs a look at what is there, unless its size was announced', async () => {
    expect(await send(form(metadata({ totalChunks: 1000 }), CHUNK))).toEqual([200, undefined]);
    expect(calls).toEqual(['admitChunk', 'put', 'uploads', 'registerChunk']);
    calls = [];
    expect(await send(form(metadata({ totalChunks: 1000, fileSize: 6000 }), CHUNK))).toEqual([200, undefined]);
    expect(calls).toEqual(['admitChunk', 'put', 'registerChunk']);
  });

  it('whose bytes come before its metadata is spooled, once its sender is known to have a plan', async () => {
    expect(await send(form(CHUNK, metadata()))).toEqual([200, undefined]);
    expect(calls).toEqual(['plan', 'admitChunk', 'put', 'registerChunk']);
    expect(existsSync(spool)).toBe(true);
  });

  it('is an outage, not a refusal, when the database cannot be asked; it is asked once', async () => {
    databaseIsAway = true;
    expect(await send(form(metadata(), CHUNK))).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(calls).toEqual(['admitChunk']);
    expect(await send(form(metadata()))).toEqual([503, 'DATABASE_UNAVAILABLE']);
  });
});

const HALF = '--b\r\nContent-Disposition: form-data; name="chunk"; filename="c"\r\n\r\nhalf of it';
const FORM = 'multipart/form-data; boundary=b';

describe.each<[title: string, request: () => ReturnType<typeof send>, refusal: [status: number, code: string], more?: object]>([
  ['that is no form', () => send('{}', 'application/json'), [415, 'UNSUPPORTED_MEDIA_TYPE']],
  ['without a boundary', () => send('x', 'multipart/form-data'), [415, 'UNSUPPORTED_MEDIA_TYPE']],
  ['larger than any may be', () => send('x'.repeat(5001), FORM), [413, 'PAYLOAD_TOO_LARGE']],
  ['that ends within a part', () => send(HALF, FORM), [400, 'BAD_REQUEST']],
  ['without any part', () => send('--b--\r\n', FORM), [400, 'MISSING_FILE']],
  ['without a chunk', () => send(form(metadata())), [400, 'MISSING_FILE']],
  ['without metadata', () => send(form(CHUNK)), [400, 'MISSING_BODY']],
  ['with broken metadata', () => send(form(['metadata', '{'], CHUNK)), [400, 'MALFORMED_JSON']],
  ['with broken metadata behind the bytes', () => send(form(CHUNK, ['metadata', '{'])), [400, 'MALFORMED_JSON']],
  ['with a session id that is none', () => send(form(metadata({ sessionId: 'x' }), CHUNK)), [400, 'BAD_UUID']],
  ['with an empty chunk', () => send(form(metadata(), ['chunk', new Blob([])])), [400, 'MISSING_FILE']],
  [
    'of a file larger than the plan allows, in a session that is not there',
    () => send(form(metadata({ fileSize: MIB + 1 }), CHUNK)),
    [413, 'FILE_TOO_LARGE'],
    { session: null },
  ],
  ['for a session that is not there', () => send(form(metadata(), CHUNK)), [404, 'SESSION_NOT_FOUND'], { session: null, quota: EXHAUSTED }],
  [
    'for a foreign session when nothing is left',
    () => send(form(metadata(), CHUNK)),
    [403, 'FORBIDDEN'],
    { session: { owned: false }, quota: EXHAUSTED },
  ],
  ['for a new file when nothing is left', () => send(form(metadata(), CHUNK)), [403, 'PROCESSING_LIMIT_REACHED'], { quota: EXHAUSTED }],
])('a request %s', (_title, request, refusal, more = {}) => {
  it('is refused for that to whoever has a plan', async () => {
    admission = { ...ADMITTED, ...more };
    expect(await request()).toEqual(refusal);
    expect(calls).not.toContain('registerChunk');
  });

  it('is refused for want of a plan first, and none of its bytes are kept', async () => {
    admission = { ...ADMITTED, ...more, plan: null };
    expect(await request()).toEqual([403, 'NO_ACTIVE_SUBSCRIPTION']);
    expect(calls).not.toContain('put');
    expect(existsSync(spool)).toBe(false);
  });
});
