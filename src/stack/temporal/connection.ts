/** Client of the Temporal server the stack uses, with short deadlines: the launcher must never wait for half a minute. */
import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';

export interface TemporalAddress {
  address: string;
  namespace: string;
  apiKey?: string | undefined;
  tls?: boolean | { clientCertPair?: { crt: Buffer; key: Buffer } };
}

const CALL_MS = 5_000;
const ON = ['true', '1'];

/** The address and its credentials from TEMPORAL_* (http-api.md F). */
export function givenTemporal(env: NodeJS.ProcessEnv): TemporalAddress | null {
  const address = env['TEMPORAL_ADDRESS'];
  if (!address) return null;
  const { TEMPORAL_TLS_CERT: certificate, TEMPORAL_TLS_KEY: key, TEMPORAL_API_KEY: apiKey } = env;
  const withCertificate = certificate && key ? { clientCertPair: { crt: readFileSync(certificate), key: readFileSync(key) } } : undefined;
  const tls = withCertificate ?? (ON.includes(env['TEMPORAL_TLS'] ?? '') || Boolean(apiKey));
  return { address, namespace: env['TEMPORAL_NAMESPACE'] || 'default', apiKey: apiKey || undefined, tls };
}

/** Runs `use` on a connection of its own; each call has a deadline. */
export async function withTemporal<T>(
  { address, namespace, apiKey, tls }: TemporalAddress,
  use: (client: Client, connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({
    address,
    connectTimeout: CALL_MS,
    ...(apiKey ? { apiKey } : {}),
    ...(tls === undefined ? {} : { tls }),
  });
  try {
    return await connection.withDeadline(Date.now() + CALL_MS, () => use(new Client({ connection, namespace }), connection));
  } finally {
    await connection.close();
  }
}
