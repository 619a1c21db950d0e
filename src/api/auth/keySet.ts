import { createLocalJWKSet, errors } from 'jose';
import type { JSONWebKeySet, JWSHeaderParameters, JWTVerifyGetKey } from 'jose';
import { ApiError } from '../errors';

const FETCH_TIMEOUT_MS = 3000;
const REFRESH_AFTER_MS = 10 * 60_000;
// an unknown kid triggers one refresh, at most every 30 s (http-api A.3)
const UNKNOWN_KEY_REFRESH_MS = 30_000;
// nothing cached and the address unreachable: one try a second, whatever the number of requests
const FIRST_FETCH_RETRY_MS = 1000;

type LocalSet = ReturnType<typeof createLocalJWKSet>;

/**
 * The project's public keys, cached in memory. A cached set stays usable while its address is unreachable;
 * jose's own remote set would refuse tokens as soon as a refresh of an expired cache fails.
 */
export class KeySet {
  private keys: { local: LocalSet; count: number; fetchedAt: number } | null = null;
  private triedAt = Number.NEGATIVE_INFINITY;
  private lastTryFailed = false;
  private fetching: Promise<void> | null = null;

  constructor(
    private readonly url: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** True when the project publishes no key at all (it signs with a shared secret). */
  async isEmpty(): Promise<boolean> {
    await this.load();
    return this.keys?.count === 0;
  }

  /** Key for a token's header. @throws AUTH_UNAVAILABLE, or jose's JWKSNoMatchingKey */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    await this.load();
    try {
      return await this.match(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const mayRefresh = this.now() - this.triedAt >= UNKNOWN_KEY_REFRESH_MS;
      if (mayRefresh) await this.refresh();
      // the newest keys could not be fetched: the token may well be good
      if (this.lastTryFailed) throw new ApiError('AUTH_UNAVAILABLE', { cause: error });
      if (mayRefresh) return this.match(header, token);
      throw error;
    }
  };

  private match(header: JWSHeaderParameters, token: Parameters<JWTVerifyGetKey>[1]): ReturnType<LocalSet> {
    if (!this.keys) throw new ApiError('AUTH_UNAVAILABLE');
    return this.keys.local(header, token);
  }

  private async load(): Promise<void> {
    const now = this.now();
    if (!this.keys && now - this.triedAt >= FIRST_FETCH_RETRY_MS) await this.refresh();
    else if (this.fetching && !this.keys) await this.fetching;
    else if (this.keys && now - Math.max(this.keys.fetchedAt, this.triedAt) >= REFRESH_AFTER_MS) this.refresh().catch(() => undefined); // in the background
    if (!this.keys) throw new ApiError('AUTH_UNAVAILABLE');
  }

  private refresh(): Promise<void> {
    this.fetching ??= this.fetchKeys().finally(() => {
      this.fetching = null;
    });
    return this.fetching;
  }

  private async fetchKeys(): Promise<void> {
    this.triedAt = this.now();
    try {
      const response = await fetch(this.url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), headers: { accept: 'application/json' } });
      const set = response.status === 404 ? { keys: [] } : await jsonKeySet(response);
      this.keys = { local: createLocalJWKSet(set), count: set.keys.length, fetchedAt: this.now() };
      this.lastTryFailed = false;
    } catch {
      this.lastTryFailed = true; // what is cached stays in use
    }
  }
}

async function jsonKeySet(response: Response): Promise<JSONWebKeySet> {
  if (!response.ok) throw new Error(`key set: status ${response.status}`);
  const body = (await response.json()) as Partial<JSONWebKeySet> | null;
  if (!Array.isArray(body?.keys)) throw new Error('key set: no keys');
  return { keys: body.keys };
}
