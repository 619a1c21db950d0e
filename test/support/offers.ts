/** What the stack under test offers beyond its addresses. Tests that need more are left out, visibly. */
import { endpoints } from './endpoints';
import type { Endpoints } from './endpoints';
import { knowsSecret } from './secret';

const OFFERS = {
  /** the service-role key, to change plans and to look at storage */
  'service role': ({ supabase }: Endpoints) => Boolean(supabase.serviceRoleKey),
  /** the secret of its tokens */
  secret: knowsSecret,
  /** database and Temporal by address, so that API processes of the test's own can join it */
  processes: ({ databaseUrl, temporal }: Endpoints) => Boolean(databaseUrl && temporal) && knowsSecret(),
  /** an API without a proxy in front of it, which would answer broken HTTP itself */
  'plain HTTP': ({ api }: Endpoints) => api.startsWith('http:'),
};
export type Offer = keyof typeof OFFERS;

/** Whether the stack under test has it. */
export const offers = (offer: Offer): boolean => OFFERS[offer](endpoints());

/** `describe` where the stack offers it, else `describe.skip`. */
export const describeWith = (offer: Offer): jest.Describe => (offers(offer) ? describe : describe.skip);
/** `it` where the stack offers it, else `it.skip`. */
export const itWith = (offer: Offer): jest.It => (offers(offer) ? it : it.skip);
