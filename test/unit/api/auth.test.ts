import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { createVerifier } from '../../../src/api/auth';
import { ApiError } from '../../../src/api/errors';
import { bearerToken } from '../../../src/api/middleware/authenticate';

const SECRET = 'a shared secret of at least thirty-two characters';
const ISSUER = 'https://project.example/auth/v1';
const USER = '5f0c8a6e-3b1d-4a52-9b7e-0d2f4c6a8e10';

/** A real key server on this machine; `keys` and `status` may be changed by a test. */
class KeyServer {
  keys: JWK[] = [];
  status = 200;
  fetched = 0;
  private server: Server | null = null;

  async start(): Promise<void> {
    this.server = createServer((_request, response) => {
      this.fetched += 1;
      response.writeHead(this.status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: this.keys }));
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}/.well-known/jwks.json`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

interface Claims {
  sub?: string | null;
  audience?: string | string[] | null;
  issuer?: string;
  /** seconds from now; null = no exp */
  expires?: number | null;
  notBefore?: number;
}

function sign(alg: string, key: CryptoKey | Uint8Array, kid?: string, claims: Claims = {}): Promise<string> {
  const { sub = USER, audience = 'authenticated', issuer = ISSUER, expires = 3600, notBefore } = claims;
  const now = Math.floor(Date.now() / 1000);
  const token = new SignJWT({ role: 'authenticated' }).setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) }).setIssuer(issuer);
  if (sub !== null) token.setSubject(sub);
  if (audience !== null) token.setAudience(audience);
  if (expires !== null) token.setExpirationTime(now + expires);
  if (notBefore !== undefined) token.setNotBefore(now + notBefore);
  return token.sign(key);
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hmac = (claims: Claims = {}): Promise<string> => sign('HS256', bytes(SECRET), undefined, claims);
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function codeOf(verification: Promise<unknown>): Promise<string> {
  try {
    await verification;
    return 'accepted';
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

describe('a token signed with the shared secret', () => {
  const verify = createVerifier({ jwksUrl: undefined, secret: SECRET, issuer: ISSUER });

  it('names its user and its end', async () => {
    const { userId, expiresAt } = await verify(await hmac());
    expect(userId).toBe(USER);
    expect(Math.abs(expiresAt - (Date.now() / 1000 + 3600))).toBeLessThan(5);
  });

  it.each<[string, Claims, string]>([
    ['past its end', { expires: -60 }, 'EXPIRED_TOKEN'],
    ['at its end within the tolerance of 30 s', { expires: -20 }, 'accepted'],
    ['without an end', { expires: null }, 'INVALID_TOKEN'],
    ['without a subject', { sub: null }, 'INVALID_TOKEN'],
    ['with a subject that is no UUID', { sub: 'admin' }, 'INVALID_TOKEN'],
    ['for another audience', { audience: 'anon' }, 'INVALID_TOKEN'],
    ['without an audience', { audience: null }, 'INVALID_TOKEN'],
    ['with the audience in a list', { audience: ['other', 'authenticated'] }, 'accepted'],
    ['of another issuer', { issuer: 'https://evil.example' }, 'INVALID_TOKEN'],
    ['not valid before tomorrow', { notBefore: 86_400 }, 'INVALID_TOKEN'],
  ])('%s', async (_case, claims, code) => {
    expect(await codeOf(verify(await hmac(claims)))).toBe(code);
  });

  it('is refused when another secret signed it, even past its end', async () => {
    const foreign = bytes('another secret of at least thirty-two characters');
    expect(await codeOf(verify(await sign('HS256', foreign)))).toBe('INVALID_TOKEN');
    expect(await codeOf(verify(await sign('HS256', foreign, undefined, { expires: -60 })))).toBe('INVALID_TOKEN');
  });

  it('is refused with a longer HMAC than the fixed one', async () => {
    expect(await codeOf(verify(await sign('HS512', bytes(`${SECRET}${SECRET}`))))).toBe('INVALID_TOKEN');
  });

  it.each(['', 'a.b.c', 'not a token', '....'])('is refused when it is garbage: "%s"', async (garbage) => {
    expect(await codeOf(verify(garbage))).toBe('INVALID_TOKEN');
  });

  it('is refused with the algorithm "none"', async () => {
    const claims = { sub: USER, aud: 'authenticated', iss: ISSUER, exp: Math.floor(Date.now() / 1000) + 3600 };
    expect(await codeOf(verify(`${base64({ alg: 'none' })}.${base64(claims)}.`))).toBe('INVALID_TOKEN');
  });

  it('needs no issuer when none is configured', async () => {
    const lenient = createVerifier({ jwksUrl: undefined, secret: SECRET, issuer: undefined });
    expect(await codeOf(lenient(await hmac({ issuer: 'https://anything.example' })))).toBe('accepted');
  });
});

describe('a token signed with a key of the project', () => {
  const server = new KeyServer();
  let keys: Record<'ES256' | 'RS256' | 'EdDSA', { privateKey: CryptoKey; jwk: JWK }>;

  beforeAll(async () => {
    const make = async (alg: string, kid: string): Promise<{ privateKey: CryptoKey; jwk: JWK }> => {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
    };
    keys = { ES256: await make('ES256', 'es'), RS256: await make('RS256', 'rs'), EdDSA: await make('EdDSA', 'ed') };
    await server.start();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    server.keys = Object.values(keys).map(({ jwk }) => jwk);
    server.status = 200;
    server.fetched = 0;
  });

  const verifier = (now?: () => number, secret?: string) => createVerifier({ jwksUrl: server.url, secret, issuer: ISSUER }, now);

  it.each(['ES256', 'RS256', 'EdDSA'] as const)('is accepted with %s', async (alg) => {
    const { userId } = await verifier()(await sign(alg, keys[alg].privateKey, keys[alg].jwk.kid));
    expect(userId).toBe(USER);
  });

  it('fetches the key set once for many tokens', async () => {
    const verify = verifier();
    const token = await sign('ES256', keys.ES256.privateKey, 'es');
    await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    expect(server.fetched).toBe(1);
  });

  it('is refused when the public key was used as a shared secret', async () => {
    const confused = await sign('HS256', bytes(JSON.stringify(keys.RS256.jwk)), 'rs');
    expect(await codeOf(verifier()(confused))).toBe('INVALID_TOKEN');
    expect(await codeOf(verifier(undefined, SECRET)(confused))).toBe('INVALID_TOKEN');
  });

  it('is refused when its header names a key of another kind', async () => {
    expect(await codeOf(verifier()(await sign('ES256', keys.ES256.privateKey, 'rs')))).toBe('INVALID_TOKEN');
  });

  it('with an unknown key id causes one refresh, and no other within 30 s', async () => {
    let now = Date.now();
    const verify = verifier(() => now);
    await verify(await sign('ES256', keys.ES256.privateKey, 'es'));
    const unknown = await sign('ES256', keys.ES256.privateKey, 'unheard-of');
    now += 31_000;
    expect(await codeOf(verify(unknown))).toBe('INVALID_TOKEN');
    expect(await codeOf(verify(unknown))).toBe('INVALID_TOKEN');
    expect(server.fetched).toBe(2);
  });

  it('is accepted with a key that was added after the set was fetched', async () => {
    let now = Date.now();
    const verify = verifier(() => now);
    server.keys = [keys.RS256.jwk];
    await verify(await sign('RS256', keys.RS256.privateKey, 'rs'));
    server.keys = [keys.RS256.jwk, keys.ES256.jwk];
    now += 31_000;
    expect(await codeOf(verify(await sign('ES256', keys.ES256.privateKey, 'es')))).toBe('accepted');
  });

  it('is accepted with a cached key while the address is unreachable, however old the cache', async () => {
    let now = Date.now();
    const verify = verifier(() => now);
    await verify(await sign('ES256', keys.ES256.privateKey, 'es'));
    server.status = 500;
    now += 3_000_000;
    expect(await codeOf(verify(await sign('ES256', keys.ES256.privateKey, 'es', { expires: 7200 })))).toBe('accepted');
  });

  it('with an unknown key id cannot be judged while the newest keys cannot be fetched', async () => {
    let now = Date.now();
    const verify = verifier(() => now);
    server.keys = [keys.RS256.jwk];
    await verify(await sign('RS256', keys.RS256.privateKey, 'rs'));
    server.status = 500;
    now += 31_000;
    expect(await codeOf(verify(await sign('ES256', keys.ES256.privateKey, 'es')))).toBe('AUTH_UNAVAILABLE');
  });

  it('cannot be judged while no key was ever fetched', async () => {
    server.status = 500;
    expect(await codeOf(verifier()(await sign('ES256', keys.ES256.privateKey, 'es')))).toBe('AUTH_UNAVAILABLE');
  });
});

describe('configuration', () => {
  it('without a key set and a secret is named a misconfiguration', async () => {
    const verify = createVerifier({ jwksUrl: undefined, secret: undefined, issuer: undefined });
    expect(await codeOf(verify(await hmac()))).toBe('AUTH_MISCONFIGURED');
  });

  it('with a project that publishes no keys and no secret is a misconfiguration for shared-secret tokens', async () => {
    const empty = new KeyServer();
    await empty.start();
    const verify = createVerifier({ jwksUrl: empty.url, secret: undefined, issuer: undefined });
    expect(await codeOf(verify(await hmac()))).toBe('AUTH_MISCONFIGURED');
    await empty.stop();
  });
});

describe('the Authorization header', () => {
  it.each<[string, string]>([
    ['', 'MISSING_AUTHORIZATION'],
    ['   ', 'MISSING_AUTHORIZATION'],
    ['Bearer', 'INVALID_TOKEN'],
    ['Basic dXNlcjpwYXNz', 'INVALID_TOKEN'],
    ['Bearer a b', 'INVALID_TOKEN'],
    ['eyJhbGciOiJIUzI1NiJ9.e30.x', 'INVALID_TOKEN'],
  ])('"%s" is answered with %s', (header, code) => {
    expect(() => bearerToken(header)).toThrow(expect.objectContaining({ code, status: 401 }) as Error);
  });

  it('gives the token whatever the case of its scheme', () => {
    expect(bearerToken('bearer abc.def-_.ghi')).toBe('abc.def-_.ghi');
  });
});
