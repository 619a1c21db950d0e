import { readFileSync } from 'node:fs';

/** Content of the stack's endpoints.json, as far as tests need it: the whole stack runs, so every part has an address. */
export interface Endpoints {
  api: string;
  supabase: { url: string; publishableKey: string; serviceRoleKey: string };
  temporal: { address: string; ui: string; namespace: string };
  databaseUrl: string;
}

let chosen: Pick<Endpoints, 'api' | 'supabase'> | undefined;

/** Turns the helpers to another stack, for tests that start their own. */
export const useEndpoints = (own: Pick<Endpoints, 'api' | 'supabase'>): void => {
  chosen = own;
};

/** API and Supabase of the stack the helpers work on. */
export const target = (): Pick<Endpoints, 'api' | 'supabase'> => chosen ?? endpoints();

/** Addresses and keys of the running stack; `npm test` starts one and sets LASTGANG_ENDPOINTS. */
export function endpoints(): Endpoints {
  const file = process.env['LASTGANG_ENDPOINTS'];
  if (!file) throw new Error('This test needs a running stack: use npm test, or set LASTGANG_ENDPOINTS to the endpoints.json of one.');
  return JSON.parse(readFileSync(file, 'utf8')) as Endpoints;
}
