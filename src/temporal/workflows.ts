import type { Config } from '../config';
import type { Logger } from '../log';
import type { Store } from '../store/interfaces';
import { createClient } from './connection';
import { cancelJob, pollers, terminate, waitForEnd } from './control';
import { createJobQuery } from './queries';
import { startJob } from './startJob';
import type { Workflows } from './types';
import { createUploadUpdates } from './uploads';

/** Temporal as the API and the sweep see it. Nothing connects before the first call. */
export function createWorkflows(config: Config, store: Store, log: Logger): Workflows {
  const client = createClient(config);
  const uploads = createUploadUpdates(client);
  return {
    client,
    startJob: (row) => startJob({ client, store, log }, row),
    queryJob: createJobQuery(client, log),
    cancelJob: (workflowId) => cancelJob(client, workflowId),
    waitForEnd: (workflowId, ms) => waitForEnd(client, workflowId, ms),
    terminate: (workflowId, reason) => terminate(client, workflowId, reason),
    assemble: (ref, ms) => uploads.assemble(ref, ms),
    finalize: (request) => uploads.finalize(request),
    pollers: () => pollers(client),
  };
}
