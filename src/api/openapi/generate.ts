import { loadConfig } from '../../config';
import { createLogger } from '../../log';
import { createStore } from '../../store';
import { createWorkflows } from '../../temporal';
import { createRoutes } from '../routes';
import type { Described } from './document';

const NOWHERE = '127.0.0.1:9'; // the discard port: registering routes connects to nothing

/** Describes the routes of this build, without a stack: for `npm run openapi` and for the test that compares. */
export function generate(): Described {
  const config = loadConfig({
    SUPABASE_URL: `http://${NOWHERE}`,
    SUPABASE_ANON_KEY: 'none',
    SUPABASE_SERVICE_ROLE_KEY: 'none',
    DATABASE_URL: `postgres://${NOWHERE}/none`,
    TEMPORAL_ADDRESS: NOWHERE,
  });
  const log = createLogger('openapi', 'silent');
  const store = createStore(config);
  const workflows = createWorkflows(config, store, log);
  const unused = (): Promise<never> => Promise.reject(new Error('no request is served here'));
  return createRoutes({ config, log, store, workflows, emit: unused, verifyToken: unused }).described;
}
