/** The HTTP edge as a whole, with nothing behind it: every refusal that needs no database, and what the outage of everything looks like. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import pino from 'pino';
import { createApp } from '../../../src/api/app';
import { createVerifier, verifierSettings } from '../../../src/api/auth';
import { answerParserErrors } from '../../../src/api/http/rawRefusal';
import { loadConfig } from '../../../src/config';
import { createStore } from '../../../src/store';
import { createWorkflows } from '../../../src/temporal';

const SECRET = 'a shared secret of at least thirty-two characters';
const USER = '5f0c8a6e-3b1d-4a52-9b7e-0d2f4c6a8e10';
const NOWHERE = '127.0.0.1:9'; // the discard port: nothing listens there

const logged: string[] = [];
let server: Server;
let base: string;
let token: string;

const settings = (extra: NodeJS.ProcessEnv = {}) =>
  loadConfig({
    SUPABASE_URL: `http://${NOWHERE}`,
    SUPABASE_ANON_KEY: 'anon',
    SUPABASE_SERVICE_ROLE_KEY: 'service',
    DATABASE_URL: `postgres://${NOWHERE}/none`,
    TEMPORAL_ADDRESS: NOWHERE,
    SUPABASE_JWT_SECRET: SECRET,
    MAX_JSON_BYTES: '2000',
    MAX_REQUEST_BYTES: '5000',
    RATE_LIMIT_ANONYMOUS: '1000',
    ...extra,
  });

function createHttp(extra: NodeJS.ProcessEnv = {}): Server {
  const config = settings(extra);
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const store = createStore(config);
  const workflows = createWorkflows(config, store, log);
  const services = { config, log, store, workflows, emit: () => Promise.resolve(), verifyToken: createVerifier(verifierSettings(config)) };
  const handle = createApp(services).callback();
  const http = createServer(
    { maxHeaderSize: 64 * 1024 },
    (request, response) => void handle(request, response).catch(() => response.destroy()),
  );
  answerParserErrors(http);
  return http;
}

async function listening(http: Server): Promise<string> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

const closed = async (http: Server): Promise<void> => {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
};

beforeAll(async () => {
  server = createHttp();
  base = await listening(server);
  token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(USER)
    .setAudience('authenticated')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));
});
afterAll(() => closed(server));

interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

async function send(path: string, init: RequestInit & { anonymous?: boolean; at?: string } = {}): Promise<Answer> {
  const { anonymous = false, at = base, ...request } = init;
  const headers = {
    ...(anonymous ? {} : { authorization: `Bearer ${token}` }),
    ...(request.headers as Record<string, string> | undefined),
  };
  const response = await fetch(`${at}${path}`, { ...request, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown>, headers: response.headers };
}

const post = (path: string, body: string, type = 'application/json'): Promise<Answer> =>
  send(path, { method: 'POST', body, headers: { 'content-type': type } });

const INIT = '/api/training/init-session';

describe('every refusal has the envelope', () => {
  it.each<[string, () => Promise<Answer>, number, string]>([
    ['an unknown path', () => send('/api/training/nothing', { anonymous: true }), 404, 'NOT_FOUND'],
    ['a path in other letters', () => send('/api/training/List-Sessions', { anonymous: true }), 404, 'NOT_FOUND'],
    ['a known path with another method', () => send(INIT, { method: 'DELETE', anonymous: true }), 405, 'METHOD_NOT_ALLOWED'],
    ['no token', () => send('/api/training/list-sessions', { anonymous: true }), 401, 'MISSING_AUTHORIZATION'],
    [
      'a cookie instead of a token',
      () => send('/api/training/list-sessions', { anonymous: true, headers: { cookie: `token=${token}` } }),
      401,
      'MISSING_AUTHORIZATION',
    ],
    ['a token in the address', () => send(`/api/training/list-sessions?token=${token}`, { anonymous: true }), 401, 'MISSING_AUTHORIZATION'],
    ['no body', () => send(INIT, { method: 'POST' }), 400, 'MISSING_BODY'],
    ['broken JSON', () => post(INIT, '{"sessionId":'), 400, 'MALFORMED_JSON'],
    ['NaN', () => post(INIT, '{"sessionId":NaN}'), 400, 'MALFORMED_JSON'],
    [
      'bytes that are no UTF-8',
      () => send(INIT, { method: 'POST', body: new Uint8Array([0x22, 0xff, 0x22]), headers: { 'content-type': 'application/json' } }),
      400,
      'MALFORMED_JSON',
    ],
    ['JSON nested without end', () => post(INIT, `{"a":${'['.repeat(500)}${']'.repeat(500)}}`), 400, 'MALFORMED_JSON'],
    [
      'JSON nested without end, with letters beyond ASCII',
      () => post(INIT, `{"ä":${'['.repeat(500)}${']'.repeat(500)}}`),
      400,
      'MALFORMED_JSON',
    ],
    ['JSON that is a list', () => post(INIT, '[]'), 400, 'MISSING_BODY'],
    ['JSON that is null', () => post(INIT, 'null'), 400, 'MISSING_BODY'],
    ['another content type', () => post(INIT, 'a=1', 'application/x-www-form-urlencoded'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form where JSON belongs to no form', () => post('/api/training/status/session_1_a', '{}'), 405, 'METHOD_NOT_ALLOWED'],
    ['too long a body', () => post(INIT, `{"a":"${'x'.repeat(3000)}"}`), 413, 'PAYLOAD_TOO_LARGE'],
    ['an id of no known form', () => post(INIT, '{"sessionId":"../x"}'), 400, 'BAD_UUID'],
    ['a header beyond 16 KiB', () => send('/health', { headers: { 'x-long': 'y'.repeat(17_000) } }), 431, 'HEADERS_TOO_LARGE'],
    ['headers beyond everything', () => send('/health', { headers: { 'x-long': 'y'.repeat(70_000) } }), 431, 'HEADERS_TOO_LARGE'],
    ['an address beyond 16 KiB', () => send(`/health?${'y'.repeat(17_000)}`), 431, 'HEADERS_TOO_LARGE'],
  ])('%s', async (_case, request, status, code) => {
    const answer = await request();
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.body['success']).toBe(false);
    expect(typeof answer.body['error']).toBe('string');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names the methods that a path takes', async () => {
    const { headers } = await send('/api/training/list-sessions', { method: 'POST', anonymous: true });
    expect(headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(['GET', 'HEAD', 'OPTIONS']));
  });

  it('asks for a Bearer token', async () => {
    expect((await send('/api/training/list-sessions', { anonymous: true })).headers.get('www-authenticate')).toBe('Bearer');
  });

  it('reports everything wrong in one answer', async () => {
    const { body } = await post(INIT, '{"sessionId":"session_1_a","timeInfo":{"jahr":"x","tag":"y"},"zeitschritte":{"eingabe":"5000"}}');
    expect(body).toMatchObject({ code: 'INVALID_TIME_INFO', field: 'timeInfo.jahr' });
    expect((body['details'] as { field: string }[]).map(({ field }) => field)).toEqual([
      'timeInfo.jahr',
      'timeInfo.tag',
      'zeitschritte.eingabe',
    ]);
  });

  it('adds the keys old clients look for', async () => {
    const status = await send('/api/training/status/session_1_a', { anonymous: true });
    expect(status.body).toMatchObject({ session_id: 'session_1_a', status: 'error', message: 'Missing authorization header' });
    expect((await send('/api/training/session-status/session_1_a', { anonymous: true })).body).toMatchObject({
      status: 'error',
      progress: 0,
    });
    expect((await send('/api/training/get-zeitschritte/session_1_a', { anonymous: true })).body).toHaveProperty('data', null);
  });

  it('is given for broken HTTP too', async () => {
    const { hostname, port } = new URL(base);
    const socket = connect(Number(port), hostname);
    socket.end('NONSENSE\r\n\r\n');
    const parts: Buffer[] = [];
    for await (const part of socket) parts.push(part as Buffer);
    const [head = '', body = ''] = Buffer.concat(parts).toString().split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(body)).toMatchObject({ success: false, code: 'BAD_REQUEST' });
  });
});

describe('while Supabase and Temporal are unreachable', () => {
  it('a request that passed every check is answered 503 and may be repeated', async () => {
    const { status, body, headers } = await post(INIT, '{"sessionId":"session_1_a"}');
    expect([status, body['code'], headers.get('retry-after')]).toEqual([503, 'DATABASE_UNAVAILABLE', '5']);
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|fetch/);
  });

  it('the process serves, and says that it is not ready', async () => {
    expect((await send('/health', { anonymous: true })).body).toMatchObject({ success: true, status: 'ok' });
    const { status, body } = await send('/ready', { anonymous: true });
    expect(status).toBe(503);
    expect(body).toMatchObject({
      success: false,
      code: 'DATABASE_UNAVAILABLE',
      status: 'not_ready',
      checks: { supabase: { ok: false }, temporal: { ok: false }, workers: { ok: false } },
    });
  });
});

describe('correlation', () => {
  it('takes over a request id of the accepted form only', async () => {
    expect((await send('/health', { headers: { 'x-request-id': 'abc-1.2_3' } })).headers.get('x-request-id')).toBe('abc-1.2_3');
    expect((await send('/health', { headers: { 'x-request-id': 'a b' } })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('logs neither token nor body nor query', async () => {
    logged.length = 0;
    await post(`${INIT}?secret=4711`, '{"sessionId":"session_1_geheim","timeInfo":{"zeitzone":5}}');
    const lines = logged.join('');
    expect(lines).toContain('POST /api/training/init-session');
    expect(lines).not.toMatch(new RegExp(`geheim|4711|${token.slice(-20)}`));
  });
});

describe('other origins', () => {
  const ORIGIN = 'http://localhost:5173';

  it('that are listed may read answers, refusals included', async () => {
    const { status, headers } = await send('/api/training/list-sessions', { anonymous: true, headers: { origin: ORIGIN } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([401, ORIGIN]);
    expect(headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  });

  it('that are not listed get no CORS header', async () => {
    const { headers } = await send('/api/training/list-sessions', { anonymous: true, headers: { origin: 'https://evil.example' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('ask first without a token', async () => {
    const response = await fetch(`${base}${INIT}`, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'POST' },
    });
    expect([response.status, response.headers.get('access-control-max-age')]).toEqual([204, '3600']);
    expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
  });

  it.each(['', '*', 'https://a.example,*'])('must be listed exactly in production: "%s" stops the start', (CORS_ORIGINS) => {
    expect(() => createHttp({ NODE_ENV: 'production', CORS_ORIGINS })).toThrow('CORS_ORIGINS');
  });
});

describe('rate limits', () => {
  it('refuse a user beyond the bucket of a route, with the seconds to wait', async () => {
    const limited = createHttp({ RATE_LIMIT_READ: '2', RATE_LIMIT_POLL: '2' });
    const at = await listening(limited);
    const codes = [];
    for (let i = 0; i < 3; i += 1) codes.push((await send('/api/training/get-time-info/nonsense', { at })).body['code']);
    expect(codes).toEqual(['BAD_UUID', 'BAD_UUID', 'RATE_LIMITED']);
    const { status, body, headers } = await send('/api/training/get-time-info/nonsense', { at });
    expect([status, body['error'], body['retry_after']]).toEqual([429, 'Too many requests', 30]);
    expect(headers.get('retry-after')).toBe('30');
    expect((await send('/api/training/status/nonsense', { at })).body['code']).toBe('BAD_UUID'); // a bucket of its own
    await closed(limited);
  });

  it('refuse an address after many failed authentications, but never a good token from there', async () => {
    const limited = createHttp({ RATE_LIMIT_ANONYMOUS: '2' });
    const at = await listening(limited);
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await send('/api/training/list-sessions', { at, anonymous: true })).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await send('/api/training/get-time-info/nonsense', { at })).status).toBe(400);
    await closed(limited);
  });
});
