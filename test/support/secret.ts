import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const secretsFile = (): string => path.join(path.dirname(process.env['LASTGANG_ENDPOINTS'] ?? ''), 'secrets.json');

/** Whether the secret with which tokens are signed is known: it lies beside the endpoints file of an embedded stack. */
export const knowsSecret = (): boolean => existsSync(secretsFile());

/** The secret with which the embedded server signs tokens. */
export function jwtSecret(): Uint8Array {
  const { jwtSecret: secret } = JSON.parse(readFileSync(secretsFile(), 'utf8')) as { jwtSecret: string };
  return new TextEncoder().encode(secret);
}

/** An access token like the stack's own (HS256), for what no sign-in gives: one that is past its end. */
export function signToken(claims: Record<string, unknown>): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ aud: 'authenticated', role: 'authenticated', ...claims })}`;
  return `${text}.${createHmac('sha256', jwtSecret()).update(text).digest('base64url')}`;
}
