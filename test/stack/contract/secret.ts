import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The secret with which the embedded server signs tokens: it lies beside the endpoints file. */
export function jwtSecret(): Uint8Array {
  const folder = path.dirname(process.env['LASTGANG_ENDPOINTS'] ?? '');
  const { jwtSecret: secret } = JSON.parse(readFileSync(path.join(folder, 'secrets.json'), 'utf8')) as { jwtSecret: string };
  return new TextEncoder().encode(secret);
}
