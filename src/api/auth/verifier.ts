import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import type { Config } from '../../config';
import { ApiError } from '../errors';
import { parseUuid } from '../http/ids';
import type { VerifyToken } from '../types';
import { KeySet } from './keySet';

const CLOCK_TOLERANCE_SECONDS = 30;
// fixed per kind of key: a public key never verifies an HMAC, the secret never a signature
const ASYMMETRIC = ['ES256', 'RS256', 'EdDSA'];
const SYMMETRIC = ['HS256'];

export interface VerifierSettings {
  jwksUrl: string | undefined;
  secret: string | undefined;
  issuer: string | undefined;
}

export const verifierSettings = (config: Config): VerifierSettings => ({
  jwksUrl: config.SUPABASE_JWKS_URL ?? new URL('/auth/v1/.well-known/jwks.json', config.SUPABASE_URL).href,
  secret: config.SUPABASE_JWT_SECRET,
  issuer: config.SUPABASE_JWT_ISSUER,
});

/** Checks Supabase access tokens locally (http-api A.3). */
export function createVerifier({ jwksUrl, secret, issuer }: VerifierSettings, now: () => number = Date.now): VerifyToken {
  const hmacKey = secret === undefined ? null : new TextEncoder().encode(secret);
  const keySet = jwksUrl === undefined ? null : new KeySet(jwksUrl, now);

  const verify = async (token: string): Promise<JWTPayload> => {
    const options: JWTVerifyOptions = {
      audience: 'authenticated',
      requiredClaims: ['sub', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now()),
      ...(issuer === undefined ? {} : { issuer }),
    };
    const { alg = 'none' } = decodeProtectedHeader(token);
    if (SYMMETRIC.includes(alg)) {
      if (hmacKey) return (await jwtVerify(token, hmacKey, { ...options, algorithms: SYMMETRIC })).payload;
      if (!keySet || (await keySet.isEmpty())) throw new ApiError('AUTH_MISCONFIGURED');
    } else if (ASYMMETRIC.includes(alg)) {
      if (keySet) return (await jwtVerify(token, keySet.find, { ...options, algorithms: ASYMMETRIC })).payload;
      if (!hmacKey) throw new ApiError('AUTH_MISCONFIGURED');
    }
    throw new ApiError('INVALID_TOKEN');
  };

  return async (token) => {
    if (!hmacKey && !keySet) throw new ApiError('AUTH_MISCONFIGURED');
    const payload = await verify(token).catch((error: unknown) => {
      throw refusal(error);
    });
    const userId = parseUuid(payload.sub);
    if (userId === null || payload.exp === undefined) throw new ApiError('INVALID_TOKEN');
    return { userId, expiresAt: payload.exp };
  };
}

function refusal(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(error instanceof errors.JWTExpired ? 'EXPIRED_TOKEN' : 'INVALID_TOKEN', { cause: error });
}
