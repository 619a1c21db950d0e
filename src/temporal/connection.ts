import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from '@temporalio/client';
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { Config } from '../config';

// Six attempts take about 2 s: a restarting server is bridged for the most part, and a missing one is reported while the caller still waits.
const MAX_ATTEMPTS = 6;

type Address = Pick<Config, 'TEMPORAL_ADDRESS' | 'TEMPORAL_API_KEY' | 'TEMPORAL_TLS' | 'TEMPORAL_TLS_CERT' | 'TEMPORAL_TLS_KEY'>;

/** Address, TLS and API key, as both the client's and the worker's connection take them. An API key or a certificate implies TLS. */
export function connectionOptions(config: Address): Pick<ConnectionOptions, 'address' | 'tls' | 'apiKey'> {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: apiKey, TEMPORAL_TLS_CERT: certificate, TEMPORAL_TLS_KEY: key } = config;
  if ((certificate === undefined) !== (key === undefined))
    throw new Error('Configuration: TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY belong together');
  const tls =
    certificate && key ? { clientCertPair: { crt: pem(certificate), key: pem(key) } } : config.TEMPORAL_TLS || apiKey !== undefined;
  return { address, tls, ...(apiKey !== undefined && { apiKey }) };
}

/** A client that connects with its first call and again after an outage, so that no process depends on the start order. */
export function createClient(config: Address & Pick<Config, 'TEMPORAL_NAMESPACE'>): Client {
  const connection = Connection.lazy({
    ...connectionOptions(config),
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: MAX_ATTEMPTS }))],
  });
  return new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
}

/** PEM text as it is, anything else is the path of a file holding it. */
const pem = (given: string): Buffer => (given.includes('-----BEGIN') ? Buffer.from(given) : readFileSync(given));
