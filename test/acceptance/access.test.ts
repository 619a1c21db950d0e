/** What every route refuses before it looks at anything of the caller's: gates 1 to 7 of http-api A.2. */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { api, signUpUser, target } from '../support';
import { describeWith } from '../support/offers';
import { operations } from '../support/openApi';
import { recordAnswer } from '../support/record';
import { signToken } from '../support/secret';
import { behindToken, calls, pathOf, takes } from './calls';
import type { Call } from './calls';
import { newSessionId } from './scenario';
import type { Body, User } from './scenario';

const titled = (list: readonly Call[]): [string, Call][] => list.map((call) => [call.title, call]);
const withJson = behindToken.filter(({ operation }) => takes(operation, 'application/json'));
const jsonOnce = titled(withJson.filter(({ title }) => !title.endsWith('(form)')));
const session = newSessionId();

let user: User;
beforeAll(async () => {
  user = await signUpUser();
});

describe('a token', () => {
  it.each(titled(behindToken))('is demanded by %s', async (_, { send }) => {
    const { status, body, headers } = await send({ token: undefined }, session);
    expect([status, body['code'], body['error'], headers.get('www-authenticate')]).toEqual([
      401,
      'MISSING_AUTHORIZATION',
      'Missing authorization header',
      'Bearer',
    ]);
  });

  it.each(titled(behindToken))('that nobody signed is refused by %s', async (_, { send }) => {
    const [header, , signature] = user.token.split('.');
    const forged = [header, Buffer.from(JSON.stringify({ sub: randomUUID(), exp: 9_999_999_999 })).toString('base64url'), signature];
    expect(await send({ token: forged.join('.') }, session)).toMatchObject({
      status: 401,
      body: { success: false, code: 'INVALID_TOKEN' },
    });
  });
});

describeWith('secret')('a token past its end', () => {
  it.each(titled(behindToken))('is refused by %s', async (_, { send }) => {
    const now = Math.floor(Date.now() / 1000);
    const expired = { token: signToken({ sub: user.id, iat: now - 3600, exp: now - 60 }) }; // the tolerance is 30 s
    expect(await send(expired, session)).toMatchObject({ status: 401, body: { code: 'EXPIRED_TOKEN', error: 'Token has expired' } });
    const fresh = { token: signToken({ sub: user.id, iat: now, exp: now + 60 }) }; // the same but for its end
    expect((await send(fresh, session)).status).not.toBe(401);
  });
});

describe('a body', () => {
  const send = ({ operation }: Call, body: string | Buffer, type = 'application/json') =>
    api(user.token).raw<Body>(operation.method, pathOf(operation, session), { body, headers: { 'content-type': type } });

  it.each(jsonOnce)('that is no JSON is refused by %s', async (_, call) => {
    expect(await send(call, '{"sessionId":')).toMatchObject({ status: 400, body: { success: false, code: 'MALFORMED_JSON' } });
  });

  it.each(jsonOnce)('that is no object is refused by %s', async (_, call) => {
    const expected = call.operation.key === 'POST /predict/{session_id}' ? /^MISSING_(BODY|PREDICTION_INPUT)$/ : /^MISSING_BODY$/;
    for (const body of ['[1]', 'null', '"text"'])
      expect(await send(call, body)).toMatchObject({ status: 400, body: { code: expect.stringMatching(expected) as string } });
  });

  it.each(jsonOnce)('of another type is refused by %s', async (_, call) => {
    expect(await send(call, 'UTC;a', 'text/csv')).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  });

  it.each(jsonOnce)('beyond 20 MiB is refused by %s', async (_, call) => {
    const large = Buffer.alloc(20 * 1024 ** 2 + 100, 'x');
    large.write('{"x":"');
    expect(await send(call, large)).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
  });
});

describe('a name', () => {
  const named = titled(calls.filter(({ names }) => names !== 'nothing'));

  it.each(named)('of a wrong form is refused by %s', async (_, { send }) => {
    for (const ref of ['not-a-uuid', randomUUID().replaceAll('-', ''), 'session_x_1'])
      expect(await send(user, ref)).toMatchObject({ status: 400, body: { success: false, code: 'BAD_UUID' } });
  });

  it.each(named)('that nobody has is not found by %s', async (_, { send, names, operation }) => {
    const creates = ['POST /init-session', 'POST /create-database-session'].includes(operation.key);
    for (const ref of names === 'file' ? [randomUUID()] : [newSessionId(), randomUUID()]) {
      const { status, body } = await send(user, ref);
      if (creates) expect([status, body['created']]).toEqual([200, true]);
      else expect([status, body['code']]).toEqual([404, names === 'file' ? 'FILE_NOT_FOUND' : 'SESSION_NOT_FOUND']);
    }
  });
});

describe('a body that names its session', () => {
  const inBody = jsonOnce.filter(([, { names, operation }]) => names === 'session' && !operation.key.includes('{'));
  const send = ({ operation, body }: Call, sent: Body) => api(user.token).post<Body>(pathOf(operation, session), { ...body, ...sent });

  it.each(inBody)('not at all is refused by %s', async (_, call) => {
    for (const sent of [{ other: 1 }, { sessionId: null }, { session_id: '' }])
      expect(await send(call, sent)).toMatchObject({ status: 400, body: { success: false, code: 'BAD_REQUEST' } });
  });

  it.each(inBody)('twice in two ways is refused by %s', async (_, call) => {
    const sent = { sessionId: session, session_id: randomUUID() };
    expect(await send(call, sent)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', field: 'session_id' } });
  });
});

describe('a path without the name it needs', () => {
  // of csv-files it is the path of another route
  const named = titled(calls.filter(({ operation: { key } }) => key.includes('{') && !key.includes('/csv-files/')));
  it.each(named)('is no route: %s', async (_, { operation }) => {
    expect(await api(user.token).raw(operation.method, pathOf(operation, ''))).toMatchObject({
      status: 404,
      body: { success: false, code: 'NOT_FOUND' },
    });
  });
});

describe('a method', () => {
  it.each([...new Set(operations.map((operation) => pathOf(operation, session)))])(
    'that %s does not have is named, with those it has',
    async (path) => {
      const { status, body, headers } = await api(user.token).raw<Body>('PATCH', path);
      expect([status, body['success'], body['code']]).toEqual([405, false, 'METHOD_NOT_ALLOWED']);
      expect(headers.get('allow')).toMatch(/\b(GET|POST|PUT|DELETE)\b/);
    },
  );

  it('of a path that nothing is at does not matter', async () => {
    for (const method of ['GET', 'POST', 'DELETE'])
      expect(await api(user.token).raw(method, '/nothing')).toMatchObject({ status: 404, body: { success: false, code: 'NOT_FOUND' } });
  });
});

describeWith('plain HTTP')('a request', () => {
  it.each(titled(calls))('with a header above 16 KiB is refused by %s', async (_, { operation }) => {
    const content = { headers: { 'X-Long': 'x'.repeat(16 * 1024 + 1) } };
    expect(await api(user.token).raw(operation.method, pathOf(operation, session), content)).toMatchObject({
      status: 431,
      body: { success: false, code: 'HEADERS_TOO_LARGE' },
    });
  });

  it.each(titled(calls))('that is no HTTP is refused at %s', async (_, { operation }) => {
    const url = new URL(
      /^\/(health|ready|openapi)/.test(pathOf(operation, session))
        ? pathOf(operation, session)
        : `/api/training${pathOf(operation, session)}`,
      target().api,
    );
    const { status, body } = await sendText(url, `${operation.method} ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nno colon\r\n\r\n`);
    recordAnswer(operation.method, url.pathname, undefined, status, body);
    expect([status, body]).toEqual([400, { success: false, code: 'BAD_REQUEST', error: 'The request is not valid HTTP' }]);
  });
});

describeWith('plain HTTP')('a request', () => {
  const ask = (headers: string) => sendText(new URL(target().api), `GET /health HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);

  it('without a host is refused in the envelope of all errors', async () => {
    expect(await ask('')).toEqual({ status: 400, body: { success: false, code: 'BAD_REQUEST', error: 'The request is not valid HTTP' } });
  });

  it('with an expectation that nobody knows is answered all the same', async () => {
    expect(await ask('Host: x\r\nExpect: miracles\r\n')).toMatchObject({ status: 200, body: { success: true, status: 'ok' } });
  });

  const offer = (protocol: string) =>
    `Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n`;

  // Java's HTTP client offers HTTP/2 with every request
  it.each(['h2c', 'websocket'])('that offers %s is answered as if it did not', async (protocol) => {
    expect(await ask(offer(protocol))).toMatchObject({ status: 200, body: { success: true, status: 'ok' } });
  });

  it('keeps its body when it offers HTTP/2, however large', async () => {
    const sent = JSON.stringify({ ignored: 'x'.repeat(300_000), sessionId: newSessionId() });
    const headers = `${offer('h2c')}Authorization: Bearer ${user.token}\r\nContent-Type: application/json\r\nContent-Length: ${sent.length}\r\n`;
    const text = `POST /api/training/init-session HTTP/1.1\r\n${headers}Connection: close\r\n\r\n${sent}`;
    expect(await sendText(new URL(target().api), text)).toMatchObject({ status: 200, body: { success: true } });
  });
});

/** Sends bytes as they are. @returns status and JSON body of the answer */
async function sendText(url: URL, text: string): Promise<{ status: number; body: Body }> {
  const answer = await new Promise<string>((resolve, reject) => {
    let received = '';
    const socket = connect(Number(url.port || 80), url.hostname, () => void socket.write(text));
    socket.setEncoding('utf8').on('data', (data: string) => (received += data));
    socket.once('end', () => resolve(received)).once('error', reject);
  });
  const [head = '', body = '{}'] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) as Body };
}
